/** The stage's microphone: pieces of some seconds go to the server, which has them transcribed. Off until switched on. */
import { onScopeDispose, readonly, ref, type Ref } from 'vue'
import { get, path, request } from '@/api/client'

const PIECE_MS = 5_000
const MEDIA = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4']

export interface Microphone {
  /** Whether the server has a transcription address and this browser can record */
  available: Readonly<Ref<boolean>>
  on: Readonly<Ref<boolean>>
  /** What went wrong last: refused (no permission), failed (server), '' */
  problem: Readonly<Ref<'' | 'refused' | 'failed'>>
  toggle: () => Promise<void>
}

export function useMicrophone(room: string): Microphone {
  const available = ref(false)
  const on = ref(false)
  const problem = ref<'' | 'refused' | 'failed'>('')
  let stream: MediaStream | null = null
  let recorder: MediaRecorder | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  const media = typeof MediaRecorder === 'undefined' ? undefined : MEDIA.find((one) => MediaRecorder.isTypeSupported(one))
  if (media !== undefined && typeof navigator.mediaDevices?.getUserMedia === 'function') {
    get<{ available: boolean }>('/api/speech')
      .then((said) => {
        available.value = said.available
      })
      .catch(() => {
        available.value = false
      })
  }

  function send(piece: Blob): void {
    if (piece.size === 0) return
    request('POST', path('api', 'rooms', room, 'speech'), piece)
      .then(() => {
        problem.value = ''
      })
      .catch(() => {
        problem.value = 'failed'
      })
  }

  // Each piece is a whole file of its own: a recorder's later chunks cannot be read without its first.
  function record(): void {
    if (!stream || !on.value) return
    recorder = new MediaRecorder(stream, { ...(media ? { mimeType: media } : {}) })
    recorder.addEventListener('dataavailable', (event) => send(event.data))
    recorder.addEventListener('stop', record)
    recorder.start()
    timer = setTimeout(() => recorder?.state === 'recording' && recorder.stop(), PIECE_MS)
  }

  function stop(): void {
    on.value = false
    clearTimeout(timer)
    if (recorder?.state === 'recording') recorder.stop()
    stream?.getTracks().forEach((track) => track.stop())
    stream = null
  }

  async function toggle(): Promise<void> {
    if (on.value) {
      stop()
      return
    }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } })
    } catch {
      problem.value = 'refused'
      return
    }
    problem.value = ''
    on.value = true
    record()
  }

  onScopeDispose(stop)
  return { available: readonly(available), on: readonly(on), problem: readonly(problem), toggle }
}
