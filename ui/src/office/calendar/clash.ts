/** A refused plan names by id whoever is taken; people read names. */
import { ApiError } from '@/api/client'

export async function named<T>(nameOf: (person: string) => string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ApiError && error.about['kind'] === 'host') {
      throw new ApiError(error.status, error.code, error.message, error.retryAfter, { ...error.about, name: nameOf(error.about['name'] ?? '') })
    }
    throw error
  }
}
