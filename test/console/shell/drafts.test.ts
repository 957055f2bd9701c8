import { describe, expect, it, vi } from 'vitest'
import { createDrafts, DRAFTS_KEPT } from '../../../console/shell/drafts.ts'

describe('what was written and not sent', () => {
  it('is there when its alarm is opened again', () => {
    const drafts = createDrafts<string>()
    drafts.keep('inc_1', '邻居说')
    drafts.keep('inc_2', '没有人接')
    expect([drafts.of('inc_1'), drafts.of('inc_2')]).toEqual(['邻居说', '没有人接'])
  })

  it('is gone when it was sent', () => {
    const drafts = createDrafts<string>()
    drafts.keep('inc_1', '邻居说')
    drafts.sent('inc_1', '邻居说')
    expect(drafts.of('inc_1')).toBeUndefined()
  })

  it('keeps what was written while it was sent', () => {
    const drafts = createDrafts<string>()
    drafts.keep('inc_1', '邻居说门开着')
    drafts.sent('inc_1', '邻居说')
    expect(drafts.of('inc_1')).toBe('邻居说门开着')
  })

  it('forgets what was written longest ago, when there is too much', () => {
    const drafts = createDrafts<string>()
    for (let n = 0; n < DRAFTS_KEPT; n++) drafts.keep(`inc_${n}`, 'text')
    drafts.keep('inc_0', 'more')
    drafts.keep('inc_new', 'text')
    expect(drafts.of('inc_1')).toBeUndefined()
    expect(drafts.of('inc_0')).toBe('more')
  })

  it('tells whoever shows it', () => {
    const drafts = createDrafts<string>()
    const listener = vi.fn()
    const stop = drafts.subscribe(listener)
    drafts.keep('inc_1', 'a')
    drafts.drop('inc_1')
    drafts.drop('inc_1')
    stop()
    drafts.keep('inc_1', 'b')
    expect(listener).toHaveBeenCalledTimes(2)
  })
})
