import { describe, expect, it } from 'vitest'
import { splitSaying } from '@/stage/saying'
import { readSettings, voicesFor } from '@/stage/voice'

describe('what the host reads', () => {
  it('has the act big and the reason small', () => {
    expect(splitSaying('UV value ¥0.62, below ¥0.80: strengthen the close')).toEqual({ why: 'UV value ¥0.62, below ¥0.80', act: 'Strengthen the close' })
    expect(splitSaying('\u53ea\u5269 48 \u4ef6\uff1a\u903c\u5355')).toEqual({ why: '\u53ea\u5269 48 \u4ef6', act: '\u903c\u5355' })
  })

  it('is whole without a colon, and a time is no colon', () => {
    expect(splitSaying('Give the segment cue')).toEqual({ why: '', act: 'Give the segment cue' })
    expect(splitSaying('at 20:05 switch')).toEqual({ why: '', act: 'at 20:05 switch' })
    expect(splitSaying('nothing: ')).toEqual({ why: '', act: 'nothing: ' })
  })
})

describe('voice settings', () => {
  it('survive damage and stay in bounds', () => {
    expect(readSettings(null)).toMatchObject({ speak: false, tone: true, volume: 0.8 })
    expect(readSettings('{broken')).toMatchObject({ volume: 0.8 })
    expect(readSettings('null')).toMatchObject({ volume: 0.8 })
    expect(readSettings('{"volume": 7, "rate": "fast", "speak": true, "voice": 3}')).toMatchObject({ volume: 1, rate: 1.1, speak: true, voice: '' })
  })

  it('offer voices of the language, those of the device first', () => {
    const voice = (lang: string, localService: boolean) => ({ lang, localService, name: lang, voiceURI: lang, default: false })
    const found = voicesFor([voice('en-US', false), voice('zh-CN', false), voice('cmn-Hans-CN', true), voice('en-GB', true)], 'zh')
    expect(found.map((one) => one.lang)).toEqual(['cmn-Hans-CN', 'zh-CN'])
  })
})
