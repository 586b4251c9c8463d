/** What somebody is writing, kept by the browser: closing it in mid-sentence loses nothing. Gone with the sign-out, or after a day. */
const KEY = 'livecue.answers'
const KEPT_MS = 24 * 3600 * 1000
const MOST = 100

interface Draft { text: string; at: number }

function all(): Record<string, Draft> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    const kept: Record<string, Draft> = {}
    const stored = Object.entries(found as Record<string, Draft>)
    for (const [id, draft] of stored) {
      if (typeof draft?.text === 'string' && Date.now() - draft.at < KEPT_MS) kept[id] = draft
    }
    // What is too old leaves the browser with the first look, not with the next word written.
    if (Object.keys(kept).length < stored.length) localStorage.setItem(KEY, JSON.stringify(kept))
    return kept
  } catch {
    // Somebody else's words under our name, or a browser that keeps nothing.
    return {}
  }
}

/** What `person` was writing about something (a conversation, a line of the talk), "" when nothing. */
export function draftOf(person: string, about: string): string {
  return all()[`${person} ${about}`]?.text ?? ''
}

/** Keep what is written; nothing written is nothing kept. */
export function keepDraft(person: string, about: string, text: string): void {
  const kept = all()
  delete kept[`${person} ${about}`]
  if (text) kept[`${person} ${about}`] = { text, at: Date.now() }
  const newest = Object.entries(kept).sort((a, b) => b[1].at - a[1].at).slice(0, MOST)
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(newest)))
  } catch {
    // A full or forbidden store: the words stand in the field as long as the page is open.
  }
}
