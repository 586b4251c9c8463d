/** Who is signed in on this browser, and what they may do. */
import { computed, shallowRef } from 'vue'
import { ApiError, get, post, remove } from '@/api/client'
import type { Session } from '@/api/types'
import { proposeLanguage } from '@/i18n'

export const session = shallowRef<Session | null>(null)
export const isDemo = computed(() => session.value?.demo === true)

let asked: Promise<Session | null> | null = null

/** The session of the cookie, asked once; null when nobody is signed in. Throws ApiError when not reached. */
export function loadSession(again = false): Promise<Session | null> {
  if (again) asked = null
  asked ??= get<Session>('/api/session').then(
    (found) => {
      session.value = found
      proposeLanguage(found.language)
      return found
    },
    (error: unknown) => {
      asked = null
      session.value = null
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    },
  )
  return asked
}

/** Sign in by login and password. Throws ApiError. */
export async function signIn(login: string, password: string): Promise<void> {
  await post('/api/session', { login, password })
  await loadSession(true)
}

export async function signOut(): Promise<void> {
  // Nobody else who uses this browser reads what was being written.
  try {
    localStorage.removeItem('livecue.answers')
  } catch {
    // A browser that keeps nothing.
  }
  await remove('/api/session')
  forget()
}

/** The server no longer knows this browser. */
export function forget(): void {
  session.value = null
  asked = null
}

/** In a demo: be host, operator or director from now on. */
export async function actAs(role: string): Promise<void> {
  await post('/api/session/act-as', { role })
  await loadSession(true)
}

/** Whether the person may do `permission` (the names are those of the server's answer). */
export function may(permission: string): boolean {
  return session.value?.permissions.includes(permission) ?? false
}
