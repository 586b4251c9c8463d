/** Finding products by what people type. */
import type { Product } from '@/api/office'

/** Whether each word of `wanted` stands in the product's id, name, category, supplier, keywords or SKUs. */
export function matches(product: Product, wanted: string): boolean {
  const { card } = product
  const text = [card.product, card.name, card.category, product.supplier, ...(card.keywords ?? []), ...(card.skus ?? [])].join(' ').toLowerCase()
  return wanted.toLowerCase().split(/\s+/).every((word) => text.includes(word))
}
