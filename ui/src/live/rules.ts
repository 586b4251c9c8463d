/** The presets in force in a room: what a cue says, in both languages, with places for its facts. */
import { shallowRef } from 'vue'
import { get } from '@/api/client'
import type { Words } from '@/api/types'

interface PresetRow {
  rule: string
  say?: Words
}

const texts = shallowRef<Record<string, Words>>({})
const asked = new Set<string>()

/** Load the presets of `room` once. A screen without them still tells the rule's action, so failures are silent. */
export async function loadSayings(room: string): Promise<void> {
  if (asked.has(room)) return
  asked.add(room)
  try {
    const answer = await get<PresetRow[] | { rules?: PresetRow[] }>(`/api/rules?room=${encodeURIComponent(room)}`)
    const rows = Array.isArray(answer) ? answer : (answer?.rules ?? [])
    const found = { ...texts.value }
    for (const row of rows) if (row.say && (row.say.zh || row.say.en)) found[row.rule] = row.say
    texts.value = found
  } catch {
    asked.delete(room)
  }
}

/** What a cue of `rule` says, undefined when its preset has no text. */
export const sayingOf = (rule: string): Words | undefined => texts.value[rule]
