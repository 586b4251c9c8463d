/** Dark or light, remembered on this device. */
import { ref } from 'vue'

export type Theme = 'dark' | 'light'
const STORAGE_KEY = 'livecue.theme'

export const theme = ref<Theme>(document.documentElement.classList.contains('dark') ? 'dark' : 'light')

function show(next: Theme): void {
  theme.value = next
  document.documentElement.classList.toggle('dark', next === 'dark')
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', next === 'dark' ? '#0d1117' : '#f3f5f8')
}

/** Take a page's own theme, unless this device has already chosen one. */
export function proposeTheme(next: Theme): void {
  try {
    if (localStorage.getItem(STORAGE_KEY) !== null) return
  } catch {
    // Nothing can be remembered, so nothing was chosen.
  }
  show(next)
}

export function setTheme(next: Theme): void {
  show(next)
  try {
    localStorage.setItem(STORAGE_KEY, next)
  } catch {
    // Not remembered, still switched.
  }
}

export const toggleTheme = (): void => setTheme(theme.value === 'dark' ? 'light' : 'dark')
