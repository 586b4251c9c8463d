/** Checking what is typed: a moment after the last key, and only what still stands is shown. */
import { computed, inject, onScopeDispose, provide, ref, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import { checkTexts, type CheckedText, type TextDoor, type TextHit } from '@/api/compliance'
import { language } from '@/i18n'

export interface CheckPlace {
  room: () => string
  /** What a product costs in the draft, minor units; 0 when the draft does not say */
  price?: (product: string) => number
}
const PLACE: InjectionKey<CheckPlace> = Symbol('where texts are checked')

/** Say once for which room the fields below are checked. */
export const provideChecks = (place: CheckPlace): void => provide(PLACE, place)
export const useCheckPlace = (): CheckPlace => inject(PLACE, { room: () => '' })

export const TYPING_MS = 350

export interface Marked {
  hit: TextHit
  /** In UTF-16 units, as the fields of a page count */
  start: number
  end: number
}

/** Places in code points as places in UTF-16 units. */
export function placesOf(text: string, hits: readonly TextHit[]): Marked[] {
  const units: number[] = []
  let at = 0
  for (const character of text) {
    units.push(at)
    at += character.length
  }
  units.push(at)
  return hits.map((hit) => ({ hit, start: units[hit.start] ?? at, end: units[hit.end] ?? at }))
}

const ENDS = '，,。.！!？?；;：:、 '

/** The text with a wording in the place of a hit; taking it out takes one mark of the two it stood between. */
export function reworded(text: string, marked: { start: number; end: number }, wording: string): string {
  const before = text.slice(0, marked.start)
  let after = text.slice(marked.end)
  if (wording === '' && after !== '' && ENDS.includes(after.charAt(0)) && (before === '' || ENDS.includes(before.charAt(before.length - 1)))) after = after.slice(1)
  return before + wording + after
}

export const adviceOf = (hit: TextHit): string => (language.value === 'en' ? hit.advice_en : hit.advice)

export interface Check {
  /** Hits that are not exempt, while the text is the one that was checked */
  found: ComputedRef<Marked[]>
  checking: Ref<boolean>
  /** The check could not be asked: said, because silence would look like "nothing found" */
  failed: Ref<boolean>
}

/** Check `text` while it is typed; for `room` where it is told, else for that of the page. */
export function useCheck(text: () => string, draft: () => { door: TextDoor; product?: string; category?: string; price?: number }, room?: () => string): Check {
  const place: CheckPlace = room ? { room } : useCheckPlace()
  const answer = shallowRef<{ text: string; checked: CheckedText } | null>(null)
  const checking = ref(false)
  const failed = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let stop = new AbortController()

  async function ask(): Promise<void> {
    stop.abort()
    const mine = (stop = new AbortController())
    const asked = text()
    const room = place.room()
    if (room === '' || asked.trim() === '') {
      answer.value = null
      failed.value = false
      checking.value = false
      return
    }
    checking.value = true
    try {
      const found = await checkTexts(room, [{ id: '', text: asked, ...draft() }], mine.signal)
      if (mine.signal.aborted) return
      const checked = found.texts[0]
      answer.value = checked ? { text: asked, checked } : null
      failed.value = false
    } catch {
      if (mine.signal.aborted) return
      failed.value = true
    }
    checking.value = false
  }

  watch([text, () => JSON.stringify(draft()), () => place.room()], () => {
    clearTimeout(timer)
    timer = setTimeout(() => void ask(), answer.value === null && !checking.value ? 50 : TYPING_MS)
  }, { immediate: true })
  onScopeDispose(() => {
    clearTimeout(timer)
    stop.abort()
  })

  const found = computed(() => {
    const known = answer.value
    if (known === null || known.text !== text()) return []
    return placesOf(known.text, known.checked.hits.filter((hit) => hit.severity !== 'silent'))
  })
  return { found, checking, failed }
}
