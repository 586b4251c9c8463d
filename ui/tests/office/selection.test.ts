import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { ref } from 'vue'
import { defineComponent, h } from 'vue'
import type { Brief, KeptProposal, WhyAnswer } from '@/api/selection'
import { setLanguage } from '@/i18n'
import BriefForm from '@/office/selection/BriefForm.vue'
import ProposalCards from '@/office/selection/ProposalCards.vue'
import ProposalTable from '@/office/selection/ProposalTable.vue'
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

describe('proposals side by side', () => {
  const made = (kind: string, products: string[]): KeptProposal =>
    ({
      selection: kind, kind, accepted_at: 0,
      body: { picks: products.map((product, n) => ({ product, role: 'hook', start_s: n * 480, minutes: 8 })), margin: 100, turnover: 200, minutes: 16, proved: true, gap: 0, seconds: 1 },
    }) as unknown as KeptProposal

  it('say when one chose the very same as another', () => {
    setLanguage('en')
    mounted = mount(ProposalCards, { props: { modelValue: 'balanced', currency: 'CNY', proposals: [made('balanced', ['a', 'b']), made('turnover', ['a', 'b']), made('careful', ['b', 'a'])] } })
    const told = mounted.findAll('[data-testid=proposal-card]').map((card) => card.find('[data-testid=proposal-same]'))
    expect(told.map((one) => one.exists())).toEqual([false, true, false])
    expect(told[1]?.text()).toContain('same items and order as')
  })
})

describe('what would have to change', () => {
  const pick = { product: 'a', name: 'Towel', role: 'hook', start_s: 0, phase: '1', minutes: 8, price: 100, unsure: [], locked: false, parts: { click_rate: 0.05, sale_rate: 0.03, return_rate: 0.1, unit_margin: 1, pieces: 1, margin: 1, pull: 1, wanted: 1, tag_fit: 1, host_fit: 1, tired: 1, risk: 0 } }
  const said = async (answer: object): Promise<string> => {
    setLanguage('en')
    const proposal = { selection: 's', kind: 'balanced', accepted_at: 0, body: { picks: [pick], tight: [], near: [], out: [] } } as unknown as KeptProposal
    mounted?.unmount()
    mounted = mount(ProposalTable, { props: { proposal, currency: 'CNY', locks: [], names: new Map([['b', 'Bowl']]), asking: '', answers: new Map([['a', { product: 'a', possible: true, out: null, enters: [], leaves: [], ...answer } as unknown as WhyAnswer]]) } })
    await mounted.get('[data-testid=pick-why]').trigger('click')
    return mounted.get('[data-testid=pick-facts] [role=status]').text()
  }

  it('is told in whole sentences where nothing would, and where nobody takes the place', async () => {
    expect(await said({ inside: true, factor: 0 })).toContain('even if it sold nothing')
    expect(await said({ inside: true, factor: 0.5 })).toContain('nothing would take its place')
    expect(await said({ inside: true, factor: 0.5, enters: ['b'] })).toContain('Bowl would take its place')
  })
})
