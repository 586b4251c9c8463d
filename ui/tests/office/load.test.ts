import { nextTick, effectScope, ref } from 'vue'
import { afterEach, expect, test } from 'vitest'
import { useLoad } from '@/office/load'

const scope = effectScope()
afterEach(() => scope.stop())

test('a newer version keeps what stands until its answer is there, another thing takes it away at once', async () => {
  const about = ref('a')
  const version = ref(1)
  const answers: ((words: string) => void)[] = []
  const loaded = scope.run(() => useLoad(() => new Promise<string>((resolve) => answers.push(resolve)), [about], 0, [version]))!
  const answer = async (words: string): Promise<void> => {
    answers.at(-1)!(words)
    await Promise.resolve()
    await nextTick()
  }
  await answer('a 1')
  expect(loaded.data.value).toBe('a 1')
  version.value = 2
  await nextTick()
  expect(answers).toHaveLength(2)
  expect(loaded.data.value).toBe('a 1')
  await answer('a 2')
  expect(loaded.data.value).toBe('a 2')
  about.value = 'b'
  await nextTick()
  expect(loaded.data.value).toBeNull()
  await answer('b 2')
  expect(loaded.data.value).toBe('b 2')
})
