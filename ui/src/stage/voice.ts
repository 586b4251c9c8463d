/**
 * Cues in the ear: read aloud by the browser's voice if wanted, else (or without a voice) told by a tone.
 * Speech goes to the system's output device, browsers offer no choice; the tone can go to a chosen one.
 */
import { reactive, ref, shallowRef, watch } from 'vue'
import type { Language } from '@/i18n'

export interface VoiceSettings {
  speak: boolean
  tone: boolean
  /** 0..1 */
  volume: number
  /** 0.5..2 */
  rate: number
  /** voiceURI, "" for the browser's choice */
  voice: string
  /** deviceId of the tone, "" for the system's */
  device: string
}

const STORAGE_KEY = 'livecue.voice'
const DEFAULTS: VoiceSettings = { speak: false, tone: true, volume: 0.8, rate: 1.1, voice: '', device: '' }

/** Settings out of what was stored: unknown fields dropped, figures held in their bounds. */
export function readSettings(text: string | null): VoiceSettings {
  let stored: Partial<VoiceSettings> = {}
  try {
    stored = (JSON.parse(text ?? '{}') ?? {}) as Partial<VoiceSettings>
  } catch {
    // A damaged entry counts as none.
  }
  const bounded = (value: unknown, low: number, high: number, otherwise: number): number =>
    typeof value === 'number' && Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : otherwise
  return {
    speak: typeof stored.speak === 'boolean' ? stored.speak : DEFAULTS.speak,
    tone: typeof stored.tone === 'boolean' ? stored.tone : DEFAULTS.tone,
    volume: bounded(stored.volume, 0, 1, DEFAULTS.volume),
    rate: bounded(stored.rate, 0.5, 2, DEFAULTS.rate),
    voice: typeof stored.voice === 'string' ? stored.voice : '',
    device: typeof stored.device === 'string' ? stored.device : '',
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY)
  } catch {
    return null
  }
}

/** Voices for a language, those of this device before those of the network: they also work without it. */
export function voicesFor(voices: readonly SpeechSynthesisVoice[], language: Language): SpeechSynthesisVoice[] {
  const wanted = language === 'zh' ? /^(zh|cmn|yue)/i : /^en/i
  return voices.filter((voice) => wanted.test(voice.lang)).sort((a, b) => Number(b.localService) - Number(a.localService))
}

type SinkContext = AudioContext & { setSinkId?: (id: string) => Promise<void> }
type OutputDevices = MediaDevices & { selectAudioOutput?: () => Promise<MediaDeviceInfo> }

export function useVoice() {
  const settings = reactive(readSettings(stored()))
  const voices = shallowRef<SpeechSynthesisVoice[]>([])
  const devices = shallowRef<{ id: string; label: string }[]>([])
  /** The browser lets no sound out before the first tap. */
  const locked = ref(false)
  let context: SinkContext | null = null

  watch(settings, (now) => {
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(now))
    } catch {
      // Not remembered on this device.
    }
  })

  const speech = typeof window !== 'undefined' && 'speechSynthesis' in window ? window.speechSynthesis : null
  const readVoices = (): void => {
    voices.value = speech?.getVoices() ?? []
  }
  readVoices()
  speech?.addEventListener?.('voiceschanged', readVoices)

  function audio(): SinkContext | null {
    if (context === null && typeof AudioContext === 'function') {
      context = new AudioContext() as SinkContext
      if (settings.device) void context.setSinkId?.(settings.device).catch(() => undefined)
    }
    return context
  }

  const canChooseDevice = typeof AudioContext === 'function' && 'setSinkId' in AudioContext.prototype && typeof navigator !== 'undefined' && 'mediaDevices' in navigator

  /** Ask the browser which outputs there are; it may ask the person for leave first. */
  async function chooseDevice(): Promise<void> {
    const media = navigator.mediaDevices as OutputDevices
    if (media.selectAudioOutput) {
      const device = await media.selectAudioOutput()
      devices.value = [{ id: device.deviceId, label: device.label }]
      settings.device = device.deviceId
    } else {
      const stream = await media.getUserMedia({ audio: true })
      for (const track of stream.getTracks()) track.stop()
      const found = await media.enumerateDevices()
      devices.value = found.filter((device) => device.kind === 'audiooutput').map((device) => ({ id: device.deviceId, label: device.label }))
    }
  }

  watch(() => settings.device, (device) => {
    void audio()?.setSinkId?.(device).catch(() => {
      settings.device = ''
    })
  })

  /** To be called in a tap or key press: from then on sound is allowed. */
  async function unlock(): Promise<void> {
    const output = audio()
    if (output?.state === 'suspended') await output.resume().catch(() => undefined)
    locked.value = output?.state === 'suspended'
  }

  function beep(urgent: boolean): void {
    const output = audio()
    if (!output) return
    if (output.state === 'suspended') {
      locked.value = true
      return
    }
    const notes = urgent ? [880, 660, 880] : [660]
    notes.forEach((frequency, index) => {
      const from = output.currentTime + index * 0.19
      const tone = output.createOscillator()
      const gain = output.createGain()
      tone.type = 'sine'
      tone.frequency.value = frequency
      gain.gain.setValueAtTime(0, from)
      gain.gain.linearRampToValueAtTime(settings.volume * 0.5, from + 0.015)
      gain.gain.exponentialRampToValueAtTime(0.001, from + 0.16)
      tone.connect(gain).connect(output.destination)
      tone.start(from)
      tone.stop(from + 0.18)
    })
  }

  /** Whether a voice can be heard at all here. */
  const hasVoice = (language: Language): boolean => speech !== null && voicesFor(voices.value, language).length > 0

  /** Tell a cue: the tone, then the words. What is being said gives way to an urgent one. */
  function tell(text: string, language: Language, urgent: boolean): void {
    const spoken = settings.speak && hasVoice(language)
    if (settings.tone || (settings.speak && !spoken)) beep(urgent)
    if (!spoken || !speech) return
    if (urgent) speech.cancel()
    const words = new SpeechSynthesisUtterance(text)
    const fitting = voicesFor(voices.value, language)
    words.voice = fitting.find((voice) => voice.voiceURI === settings.voice) ?? fitting[0] ?? null
    words.lang = words.voice?.lang ?? (language === 'zh' ? 'zh-CN' : 'en-GB')
    words.volume = settings.volume
    words.rate = settings.rate
    // A voice of the network that is away, or one the browser holds back: the tone tells that there is a cue.
    words.onerror = ({ error }) => {
      if (!settings.tone && error !== 'interrupted' && error !== 'canceled') beep(urgent)
    }
    speech.speak(words)
  }

  function dispose(): void {
    speech?.cancel()
    speech?.removeEventListener?.('voiceschanged', readVoices)
    void context?.close().catch(() => undefined)
  }

  return { settings, voices, devices, locked, canChooseDevice, chooseDevice, unlock, tell, hush: () => speech?.cancel(), hasVoice, dispose }
}

export type Voice = ReturnType<typeof useVoice>
