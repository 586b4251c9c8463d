/** A person's commands on a room: each has its own id, so that sending one twice does it once. */
import { ApiError, path, post } from './client'
import type { CommandAnswer } from './types'

export interface Command {
  kind: string
  [field: string]: unknown
}

/** A fresh id. `crypto.randomUUID` is missing on plain-HTTP pages (a tablet on the local network). */
export function newId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/**
 * Send a command and wait until the owner has applied it. `seen` is the journal number on the screen.
 * A command that did not reach the server is sent once more with the same id (it can count only once).
 * Throws ApiError, also for a refusal (code and reason of the owner, status 409).
 */
export async function sendCommand(room: string, command: Command, seen = 0): Promise<CommandAnswer> {
  const body = { ...command, command: newId(), seen }
  const address = path('api', 'rooms', room, 'commands')
  let answer: CommandAnswer
  try {
    answer = await post<CommandAnswer>(address, body)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 0) throw error
    answer = await post<CommandAnswer>(address, body)
  }
  if (answer.refused) throw new ApiError(409, answer.refused.code, answer.refused.why, null, answer.refused.about)
  return answer
}
