import { mount } from '@vue/test-utils'
import { nextTick, ref } from 'vue'
import { afterEach, describe, expect, it } from 'vitest'
import { setLanguage } from '@/i18n'
import ConnectionBanner from '@/live/ConnectionBanner.vue'
import type { LiveRoom } from '@/live/stream'
import { snapshot } from '../fixture'

afterEach(() => setLanguage('zh'))

describe('banner', () => {
  it('says how far the picture is behind, and what is sampled, in both languages', async () => {
    const shown = ref(snapshot())
    const live = { connection: ref('live'), gap: ref(null), snapshot: shown } as unknown as LiveRoom
    const banner = mount(ConnectionBanner, { props: { live } })
    expect(banner.find('[data-testid=connection-busy]').exists()).toBe(false)
    shown.value = { ...snapshot(), busy: 7 }
    await nextTick()
    expect(banner.get('[data-testid=connection-busy]').text()).toContain('晚约 7 秒')
    expect(banner.text()).toContain('评论、订单和提示一条不少')
    setLanguage('en')
    await nextTick()
    expect(banner.text()).toContain('7 s behind')
    expect(banner.text()).toContain('no comment, order or cue is left out')
    banner.unmount()
  })
})
