/** Which figures stand on the strip: a default for the desk, and each person's own choice on this device. */
import { ref } from 'vue'

/** A figure and its window, as "M45/5m". */
export type TileId = string

const STORAGE_KEY = 'livecue.tiles'
export const MOST_TILES = 24

export const DEFAULT_TILES: readonly TileId[] = [
  'M06/show', 'M03/show', 'M04/show', 'M41/show', 'M41.orders/show', 'M41/5m', 'M45/5m', 'M44/5m',
  'M28/5m', 'M34/5m', 'M19/5m', 'M25.comments/5m', 'M21/5m', 'M10/show', 'M46/show', 'M59/show',
]

function remembered(): TileId[] | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null')
    return Array.isArray(stored) && stored.length > 0 ? stored.filter((id): id is string => typeof id === 'string').slice(0, MOST_TILES) : null
  } catch {
    return null
  }
}

export const chosenTiles = ref<readonly TileId[]>(remembered() ?? DEFAULT_TILES)

function choose(next: readonly TileId[]): void {
  chosenTiles.value = next
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(next))
  } catch {
    // Not remembered, still chosen.
  }
}

/** Put a figure on the strip or take it off. */
export function toggleTile(id: TileId): void {
  const now = chosenTiles.value
  if (now.includes(id)) choose(now.filter((one) => one !== id))
  else if (now.length < MOST_TILES) choose([...now, id])
}

export const resetTiles = (): void => choose(DEFAULT_TILES)
export const tileId = (reading: { metric: string; window: string }): TileId => `${reading.metric}/${reading.window}`
