import { describe, expect, it } from 'vitest'
import { type Desk, type DeskEvent, deskAfter, EMPTY_DESK } from '../../../console/desk/desk.ts'
import { alarmOf } from './given.ts'

const NOTICE = alarmOf({ id: 'n', class: 'technical', severity: 'notice', kind: 'low_battery' })
const ALARM = alarmOf({ id: 'a' })

const toggled: DeskEvent = { type: 'noticesToggled' }
const closed: DeskEvent = { type: 'fileClosed' }
const opened = (id: string): DeskEvent => ({ type: 'opened', id })
const after = (...events: DeskEvent[]): Desk =>
  [{ type: 'loaded', alarms: [ALARM, NOTICE], seq: 1 } as const, ...events].reduce(deskAfter, EMPTY_DESK)

describe('the notices over the file', () => {
  const stories = [
    { reason: 'the file stays open beneath', events: [opened('a'), toggled], file: 'a', notices: 'shown' },
    {
      reason: 'closing them shows it',
      events: [opened('a'), toggled, toggled],
      file: 'a',
      notices: 'closed',
    },
    { reason: 'opening any alarm closes them', events: [toggled, opened('a')], file: 'a', notices: 'closed' },
    {
      reason: 'also the one that is open beneath',
      events: [opened('a'), toggled, opened('a')],
      file: 'a',
      notices: 'closed',
    },
    { reason: 'a notice hides them', events: [toggled, opened('n')], file: 'n', notices: 'beneath' },
    {
      reason: 'and closing that notice shows them again',
      events: [toggled, opened('n'), closed],
      file: undefined,
      notices: 'shown',
    },
  ]
  it.each(stories)('$reason', ({ events, file, notices }) => {
    const desk = after(...events)
    expect({ file: desk.file?.id, notices: desk.notices }).toEqual({ file, notices })
    const again = deskAfter(desk, { type: 'loaded', alarms: [ALARM, NOTICE], seq: 2 })
    expect(again.notices).toBe(notices)
  })
})
