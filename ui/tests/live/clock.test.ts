import { describe, expect, it } from 'vitest'
import { RoomClock } from '@/live/clock'

describe('room clock', () => {
  it('shows nothing before the first snapshot', () => {
    expect(new RoomClock().at(123)).toBe(0)
  })

  it('runs at the rate of the stream', () => {
    const clock = new RoomClock()
    clock.set(1_000_000, 10, 0)
    expect(clock.at(500)).toBe(1_005_000)
  })

  it('stands still at rate 0', () => {
    const clock = new RoomClock()
    clock.set(1_000_000, 0, 0)
    expect(clock.at(90_000)).toBe(1_000_000)
  })

  it('never runs backwards when a snapshot comes a little late', () => {
    const clock = new RoomClock()
    clock.set(1_000_000, 1, 0)
    const before = clock.at(400)
    clock.set(1_000_250, 1, 400)
    expect(clock.at(400)).toBeGreaterThanOrEqual(before)
    expect(clock.at(1400)).toBeLessThan(1_001_500)
  })

  it('closes in on the stream after late snapshots', () => {
    const clock = new RoomClock()
    clock.set(1_000_000, 1, 0)
    for (let tick = 1; tick <= 20; tick += 1) clock.set(1_000_000 + tick * 250 - 100, 1, tick * 250)
    expect(clock.at(5000) - 1_004_900).toBeLessThan(110)
  })

  it('jumps at once when the stream jumps, forwards and backwards', () => {
    const clock = new RoomClock()
    clock.set(1_000_000, 1, 0)
    clock.set(5_000_000, 1, 250)
    expect(clock.at(250)).toBe(5_000_000)
    clock.set(2_000_000, 1, 500)
    expect(clock.at(500)).toBe(2_000_000)
  })

  it('tolerates more jitter at a higher rate', () => {
    const clock = new RoomClock()
    clock.set(1_000_000, 30, 0)
    const before = clock.at(300)
    clock.set(1_000_000 + 30 * 250, 30, 300)
    expect(clock.at(300)).toBeGreaterThanOrEqual(before)
  })
})
