/**
 * Words of the screens. Chinese is written first and gives the shape; English must fill every key of it
 * (the compiler and tests/i18n hold that). Texts may carry `{name}` places; a text with ` | ` is
 * "one | many" and is chosen by the parameter `n`.
 */
import { computed, ref } from 'vue'
import { en } from './en'
import { zh } from './zh'

export type Language = 'zh' | 'en'

type Shape<T> = { [K in keyof T]: T[K] extends string ? string : Shape<T[K]> }
export type Messages = Shape<typeof zh>
type Paths<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Paths<T[K], `${P}${K}.`>
}[keyof T & string]
export type MessageKey = Paths<typeof zh>
export type Params = Record<string, string | number>

const STORAGE_KEY = 'livecue.language'
const all: Record<Language, Messages> = { zh, en }

function remembered(): Language | null {
  try {
    const stored = localStorage.getItem(STORAGE_KEY)
    return stored === 'zh' || stored === 'en' ? stored : null
  } catch {
    return null
  }
}

export const language = ref<Language>(remembered() ?? 'zh')
export const locale = computed(() => (language.value === 'zh' ? 'zh-CN' : 'en-GB'))

function applyToPage(): void {
  document.documentElement.lang = locale.value
}
applyToPage()

/** Switch the language and remember it on this device. */
export function setLanguage(next: Language): void {
  language.value = next
  applyToPage()
  try {
    localStorage.setItem(STORAGE_KEY, next)
  } catch {
    // Not remembered, still switched.
  }
}

/** Take a person's own language, unless this device has already chosen one. */
export function proposeLanguage(next: string): void {
  if (remembered() === null && (next === 'zh' || next === 'en')) {
    language.value = next
    applyToPage()
  }
}

/** Texts that were looked for, and null for those that do not exist: a busy console asks for hundreds in a frame. */
const known: Record<Language, Map<string, string | null>> = { zh: new Map(), en: new Map() }

function find(path: string, spoken: Language): string | null {
  let text = known[spoken].get(path)
  if (text === undefined) {
    text = lookUp(path, all[spoken])
    known[spoken].set(path, text)
  }
  return text
}

function lookUp(path: string, messages: Messages): string | null {
  let node: unknown = messages
  for (const part of path.split('.')) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, part)) return null
    node = (node as Record<string, unknown>)[part]
  }
  return typeof node === 'string' ? node : null
}

function fill(text: string, params: Params | undefined): string {
  let chosen = text
  if (text.includes(' | ')) {
    const [one = '', many = ''] = text.split(' | ')
    chosen = params?.['n'] === 1 ? one : many
  }
  if (!params) return chosen
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole))
}

/** The text of `key` in the present language. Reactive when used in a template. */
export function t(key: MessageKey, params?: Params): string {
  return fill(find(key, language.value) ?? key, params)
}

/**
 * The text of a code that the server chose (`part.warm_up`, `why.masked_users`), or `fallback`
 * (the code itself when not given): a newer server may know words this build does not.
 */
export function label(group: string, code: string, fallback: string = code, params?: Params): string {
  const text = find(`${group}.${code}`, language.value)
  return text === null ? fallback : fill(text, params)
}

/** The text in the present language out of a table row of the server that carries both. */
export function pick(row: { zh: string; en: string } | null | undefined, fallback = ''): string {
  return row ? row[language.value] || row.zh || row.en : fallback
}
