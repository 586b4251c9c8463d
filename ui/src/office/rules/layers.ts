/** Layers of thresholds in words, and which of two wins. */
import { LAYERS, type InUse, type Layer, type RuleInForce, type ThresholdChange } from '@/api/office'
import { label } from '@/i18n'

export const layerWords = (layer: string): string => label('office.rules.layer', layer)

/** What is in force for the room, or for a category of products in it. */
export const inUse = (rule: RuleInForce, layer: Layer, category: string): InUse =>
  (layer === 'category' ? rule.categories[category] : undefined) ?? { ...rule, name: rule.preset }

export const closer = (a: Layer | '', b: Layer): boolean => a !== '' && LAYERS.indexOf(a) > LAYERS.indexOf(b)

/** Values that stay as they are here, whatever is set for `layer`: a closer layer has set them. */
export const outvoted = (use: InUse, layer: Layer): string[] =>
  Object.entries(use.values_by).filter(([, by]) => closer(by, layer)).map(([name]) => name)

export const layerOf = (change: ThresholdChange): Layer => (change.category !== '' ? 'category' : change.scope)

export const standsAt = (rule: RuleInForce, layer: Layer, category: string): boolean =>
  rule.layers.includes(layer === 'category' ? `category:${category}` : layer)
