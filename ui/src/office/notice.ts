/** Short words about what was just done, and errors of things people asked for. */
import { ElMessage } from 'element-plus'
import { ref } from 'vue'
import { ApiError, explain } from '@/api/client'

export function tell(text: string): void {
  ElMessage({ message: text, type: 'success', grouping: true, duration: 3000 })
}

export function warn(text: string): void {
  ElMessage({ message: text, type: 'error', grouping: true, duration: 8000, showClose: true })
}

/** Doing one thing at a time: whether it runs, and what went wrong last. */
export function useTask() {
  const busy = ref(false)
  const failure = ref('')

  /** Run `work`; false when it failed or another still runs. What went wrong is kept in `failure`. */
  async function run(work: () => Promise<unknown>, done = ''): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    failure.value = ''
    try {
      await work()
      if (done) tell(done)
      return true
    } catch (error) {
      failure.value = explain(error)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, failure, run }
}

/** A refusal that came inside an answer 200, as the error it is. */
export function orRefused<T extends { refused: { code: string; why: string; about?: Record<string, string> } | null }>(answer: T): T {
  if (answer.refused) throw new ApiError(409, answer.refused.code, answer.refused.why, null, answer.refused.about ?? {})
  return answer
}

/** Copy a text; false where the browser does not let us (plain HTTP from another machine). */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    field.style.position = 'fixed'
    field.style.opacity = '0'
    document.body.append(field)
    field.select()
    try {
      return document.execCommand('copy')
    } catch {
      return false
    } finally {
      field.remove()
    }
  }
}
