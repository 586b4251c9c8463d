/** Moving rows of a list by pointer: mouse, pen or finger. The list is changed once, when the row is let go. */
import { onScopeDispose, ref, type Ref } from 'vue'

/** Scroll the page when the pointer comes this near to its edge. */
const EDGE_PX = 70

export interface RowDrag {
  /** Id of the row that is held, "" for none */
  held: Ref<string>
  /** Place the row would take among the others; -1 for none */
  place: Ref<number>
  grab: (event: PointerEvent, id: string) => void
}

/** `rows` gives the rows' elements in order with their ids; `drop` moves the row `id` to place `to` among all. */
export function useRowDrag(rows: () => { id: string; element: HTMLElement }[], drop: (id: string, to: number) => void): RowDrag {
  const held = ref('')
  const place = ref(-1)

  function follow(event: PointerEvent): void {
    const others = rows().filter((row) => row.id !== held.value)
    place.value = others.filter(({ element }) => {
      const box = element.getBoundingClientRect()
      return box.top + box.height / 2 < event.clientY
    }).length
    if (event.clientY < EDGE_PX) window.scrollBy(0, -14)
    else if (event.clientY > window.innerHeight - EDGE_PX) window.scrollBy(0, 14)
  }

  function release(): void {
    const [id, to] = [held.value, place.value]
    cancel()
    if (id !== '' && to >= 0) drop(id, to)
  }

  function escape(event: KeyboardEvent): void {
    if (event.key === 'Escape') cancel()
  }

  function cancel(): void {
    held.value = ''
    place.value = -1
    window.removeEventListener('pointermove', follow)
    window.removeEventListener('pointerup', release)
    window.removeEventListener('pointercancel', cancel)
    window.removeEventListener('keydown', escape)
  }

  onScopeDispose(cancel)
  return {
    held,
    place,
    grab(event, id) {
      if (event.button !== 0) return
      held.value = id
      window.addEventListener('pointermove', follow)
      window.addEventListener('pointerup', release)
      window.addEventListener('pointercancel', cancel)
      window.addEventListener('keydown', escape)
    },
  }
}
