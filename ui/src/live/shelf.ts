/** The shelf in the picture: live actions, the timed plan, draws. */

/** An action on shelf, price, stock, offers or draws as it is asked for. */
export interface LiveAction {
  kind: string
  product?: string
  number?: number
  sku?: string
  price?: number
  quantity?: number
  offer?: string
  title?: string
  kind_of?: string
  off?: number
  threshold?: number
  duration_s?: number
  draw?: string
  prize?: string
  prizes?: number
  value?: number
  method?: string
  word?: string
  claim_days?: number
  segment?: string
}

export interface ShelfStep {
  step: string
  segment: string
  offset_s?: number
  action: LiveAction
}

/** A step of the timed plan: waiting, held (a person decides), done, missed or skipped, with the reason. */
export interface ShelfStepView {
  step: ShelfStep
  state: 'waiting' | 'held' | 'done' | 'missed' | 'skipped'
  why?: string
  /** The outbox action it became */
  action?: string
}

export interface DrawRules {
  title: string
  prize: string
  prizes: number
  /** Minor units; -1 not told */
  value: number
  method: string
  word: string
  duration_s: number
  claim_days: number
}

/** A draw of the team under way. */
export interface LotView {
  draw: string
  show: string
  state: 'asked' | 'waiting' | 'open'
  rules: DrawRules
  commitment: string
  by: string
  due: number
  entrants: number
  nameless: number
}

export interface LotEnded {
  draw: string
  title: string
  state: 'held' | 'void' | 'cancelled' | 'failed'
  entrants: number
  winners: string[]
  at: number
}
