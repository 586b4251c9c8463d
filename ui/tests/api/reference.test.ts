import { afterEach, describe, expect, it } from 'vitest'
import { reference, taskTitle } from '@/api/reference'
import { setLanguage } from '@/i18n'

const before = reference.value
afterEach(() => {
  reference.value = before
  setLanguage('zh')
})

describe('taskTitle', () => {
  it('says a step of the SOP in the language of the page, whatever that of the room is', () => {
    reference.value = { ...before, steps: { 'sop:rehearsal': { zh: '彩排（过品）', en: 'Rehearsal with the products' } } }
    const step = { title: '彩排（过品）', cause: 'sop:rehearsal' }
    expect(taskTitle(step)).toBe('彩排（过品）')
    setLanguage('en')
    expect(taskTitle(step)).toBe('Rehearsal with the products')
  })

  it('leaves what a person wrote as it is', () => {
    setLanguage('en')
    expect(taskTitle({ title: '彩排两遍', cause: 'sop:rehearsal' })).toBe('彩排两遍')
    expect(taskTitle({ title: '买水' })).toBe('买水')
  })
})
