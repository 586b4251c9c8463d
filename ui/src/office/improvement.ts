/** An improvement in the language of the screen: what a debrief proposed is told in both, what a person wrote as it is. */
import type { Improvement } from '@/api/office'
import { pick } from '@/i18n'

type Told = Pick<Improvement, 'title' | 'evidence'> & Partial<Improvement>

export const improvementTitle = (item: Told): string => pick({ zh: item.title_zh || item.title, en: item.title_en || item.title })
export const improvementEvidence = (item: Told): string => pick({ zh: item.evidence_zh || item.evidence, en: item.evidence_en || item.evidence })
