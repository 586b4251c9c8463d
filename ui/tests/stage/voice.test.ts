import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useVoice, type Voice } from '@/stage/voice'

const spoken: { text: string; voice: { lang: string } | null; lang: string; volume: number; onerror?: (event: { error: string }) => void }[] = []
let beeps = 0
let cancelled = 0
let here: { lang: string; localService: boolean; voiceURI: string }[] = []
let voice: Voice

class Utterance {
  voice = null
  lang = ''
  volume = 1
  rate = 1
  constructor(readonly text: string) {}
}

class Output {
  state = 'running'
  currentTime = 0
  destination = {}
  createOscillator() {
    beeps += 1
    return { type: '', frequency: { value: 0 }, connect: (next: unknown) => next, start: () => undefined, stop: () => undefined }
  }
  createGain() {
    return { gain: { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined, exponentialRampToValueAtTime: () => undefined }, connect: () => ({}) }
  }
  close = () => Promise.resolve()
}

function open(settings: Record<string, unknown>): void {
  localStorage.setItem('livecue.voice', JSON.stringify(settings))
  voice = useVoice()
}

beforeEach(() => {
  spoken.length = beeps = cancelled = 0
  here = [{ lang: 'zh-CN', localService: true, voiceURI: 'zh' }]
  vi.stubGlobal('SpeechSynthesisUtterance', Utterance)
  vi.stubGlobal('AudioContext', Output)
  vi.stubGlobal('speechSynthesis', { getVoices: () => here, speak: (words: (typeof spoken)[number]) => spoken.push(words), cancel: () => (cancelled += 1) })
})
afterEach(() => {
  voice.dispose()
  localStorage.removeItem('livecue.voice')
  vi.unstubAllGlobals()
})

describe('a cue in the ear', () => {
  it('is a tone alone as long as nobody wants words', () => {
    open({})
    voice.tell('Close now', 'zh', false)
    expect([beeps, spoken.length]).toEqual([1, 0])
  })

  it('is read in a voice of the language, as loud as was set; an urgent one interrupts', () => {
    open({ speak: true, tone: false, volume: 0.3 })
    voice.tell('one', 'zh', false)
    expect(cancelled).toBe(0)
    voice.tell('two', 'zh', true)
    expect(spoken.map(({ text, lang, volume }) => [text, lang, volume])).toEqual([['one', 'zh-CN', 0.3], ['two', 'zh-CN', 0.3]])
    expect([beeps, cancelled]).toEqual([0, 1])
  })

  it('is a tone where there is no voice, and where the voice fails', () => {
    here = []
    open({ speak: true, tone: false })
    voice.tell('one', 'zh', false)
    expect([beeps, spoken.length]).toEqual([1, 0])
    here = [{ lang: 'zh-CN', localService: false, voiceURI: 'net' }]
    open({ speak: true, tone: false })
    voice.tell('two', 'zh', false)
    spoken[0]?.onerror?.({ error: 'interrupted' })
    expect(beeps).toBe(1)
    spoken[0]?.onerror?.({ error: 'network' })
    expect(beeps).toBe(2)
  })
})
