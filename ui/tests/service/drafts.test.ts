import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { draftOf, keepDraft } from '@/app/drafts'

beforeEach(() => {
  localStorage.clear()
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

test('what somebody was writing is theirs, and leaves the browser after a day with the first look', () => {
  keepDraft('ann', 'k1', '您好，')
  vi.advanceTimersByTime(12 * 3600_000)
  keepDraft('ann', 'k2', '稍等')
  expect([draftOf('ann', 'k1'), draftOf('bob', 'k1')]).toEqual(['您好，', ''])

  vi.advanceTimersByTime(12 * 3600_000)
  expect(draftOf('ann', 'k2')).toBe('稍等')
  expect(localStorage.getItem('livecue.answers')).not.toContain('您好')
})

test('nothing written is nothing kept', () => {
  keepDraft('ann', 'k1', 'x')
  keepDraft('ann', 'k1', '')
  expect(localStorage.getItem('livecue.answers')).toBe('{}')
})
