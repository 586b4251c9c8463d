/** Keys of console and stage. Single keys, none while typing, none with Ctrl, Alt or Meta. */
import { onScopeDispose } from 'vue'
import type { MessageKey } from '@/i18n'

export interface Shortcut {
  /** As KeyboardEvent.key, lower case */
  key: string
  label: MessageKey
  run: () => void
  /** Under which heading the overlay lists it */
  group?: 'show' | 'cues' | 'shelf' | 'screen'
  /** Why it can do nothing now, "" when it can */
  blocked?: () => string
}

const TYPING = 'input, textarea, select, [contenteditable="true"]'

/** Whether a key press belongs to whatever has the focus rather than to the page. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target
  return target instanceof Element && target.closest(TYPING) !== null
}

/** Run the shortcuts while the calling component lives. `active` says whether they may run now. */
export function useShortcuts(shortcuts: readonly Shortcut[], active: () => boolean = () => true): void {
  const byKey = new Map(shortcuts.map((shortcut) => [shortcut.key, shortcut]))
  function press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return
    if (!active()) return
    const shortcut = byKey.get(event.key.toLowerCase())
    if (!shortcut) return
    event.preventDefault()
    shortcut.run()
  }
  window.addEventListener('keydown', press)
  onScopeDispose(() => window.removeEventListener('keydown', press))
}
