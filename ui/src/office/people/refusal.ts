/** A refusal inside an answer, as words. */
import { ApiError, explain } from '@/api/client'

export const explainRefusal = (one: { code: string; why: string }): string => explain(new ApiError(409, one.code, one.why))
