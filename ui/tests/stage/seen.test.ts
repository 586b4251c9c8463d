import { describe, expect, it } from 'vitest'
import { tellsSeen } from '@/stage/seen'

describe('a cue on the stage', () => {
  it('is told as seen once, and only when somebody can look at it', () => {
    const said: string[] = []
    const tell = tellsSeen((cue) => { said.push(cue); return Promise.resolve() })
    tell(undefined, true)
    tell({ cue: 'a', state: 'delivered' }, false)
    expect(said).toEqual([])
    tell({ cue: 'a', state: 'delivered' }, true)
    tell({ cue: 'a', state: 'delivered' }, true)
    tell({ cue: 'b', state: 'seen' }, true)
    tell({ cue: 'c', state: 'raised' }, true)
    expect(said).toEqual(['a', 'c'])
  })

  it('is told again when the first word did not arrive', async () => {
    let tries = 0
    const tell = tellsSeen(() => (++tries === 1 ? Promise.reject(new Error('gone')) : Promise.resolve()))
    tell({ cue: 'a', state: 'delivered' }, true)
    await new Promise((done) => setTimeout(done))
    tell({ cue: 'a', state: 'delivered' }, true)
    expect(tries).toBe(2)
  })
})
