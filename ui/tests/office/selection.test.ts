import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { ref } from 'vue'
import { defineComponent, h } from 'vue'
import type { Brief } from '@/api/selection'
import { setLanguage } from '@/i18n'
import BriefForm from '@/office/selection/BriefForm.vue'
import { ruleWords } from '@/office/selection/words'

let mounted: VueWrapper | undefined
const phase = (name: string, golden: boolean) => ({ phase: name, minutes: 20, audience: 100, golden })

function show() {
  const brief = ref({ phases: [phase('1', false), phase('2', true), phase('3', true)], lengths: [5], least: 1, most: 12, rules: [], locks: [], weights: {}, audience_tags: {}, each_category: 0, each_supplier: 0, same_penalty: 0.15 } as unknown as Brief)
  mounted = mount(defineComponent({
    setup: () => () => h(BriefForm, {
      brief: brief.value, 'onUpdate:brief': (next: Brief) => { brief.value = next }, eliminate: [], chosen: ['balanced'],
      currency: 'CNY', kinds: ['balanced'], rules: [], shows: 0, busy: false, tags: [],
    }),
  }))
  return { page: mounted, brief }
}

afterEach(() => mounted?.unmount())

describe('the golden minutes', () => {
  it('ask for items of a role, beside what the whole show asks for', async () => {
    setLanguage('en')
    const { page, brief } = show()
    await page.get('[data-testid=quota-low-profit]').setValue('4')
    await page.get('[data-testid=quota-golden-profit]').setValue('2')
    expect(brief.value.rules.map((rule) => [rule.rule, rule.values, rule.phases, rule.low])).toEqual([['profit', ['profit'], [], 4], ['golden:profit', ['profit'], ['2', '3'], 2]])
    expect(ruleWords('golden:profit', '')).toBe('profit in the golden minutes')
    await page.get('[data-testid=golden-3]').setValue(false)
    expect(brief.value.rules[1]?.phases).toEqual(['2'])
    await page.get('[data-testid=golden-2]').setValue(false)
    expect(brief.value.rules.map((rule) => rule.rule)).toEqual(['profit'])
    expect((page.get('[data-testid=quota-golden-profit]').element as HTMLInputElement).disabled).toBe(true)
  })
})
