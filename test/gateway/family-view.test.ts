import { describe, expect, it } from 'vitest'
import { helpersOf, isShared, placeRule, signOf, stageOf } from '../../gateway/family-view.ts'
import type { ConsentStanding } from '../../model/consent.ts'
import type { Latest } from '../../model/history.ts'
import type { DevicesNow, Sent, Told } from '../../records/family-elders.ts'

const AT = 1_000_000
const sent = (of: Partial<Sent> = {}): Sent => ({
  name: '李伟',
  state: 'asked',
  askedAt: AT,
  acceptedAt: null,
  onTheWayAt: null,
  arrivedAt: null,
  ...of,
})
const told = (kind: Told['kind'], at: number, detail: Told['detail'] = {}): Told => ({ kind, at, detail })

describe('how far help has come', () => {
  const incident = (state: 'raised' | 'accepted' | 'dispatched' | 'arrived') => ({
    state,
    alertedAt: AT,
    acceptedAt: state === 'raised' ? null : AT + 1,
  })
  const none = { sent: [], told: [] }
  it.each([
    ['nobody has taken it', incident('raised'), none, 'told', AT],
    ['somebody on duty has it', incident('accepted'), none, 'answered', AT + 1],
    [
      'somebody was asked',
      incident('dispatched'),
      { sent: [sent({ askedAt: AT + 2 })], told: [] },
      'sent',
      AT + 2,
    ],
    [
      'the first of two has set out',
      incident('dispatched'),
      { sent: [sent(), sent({ state: 'on_the_way', onTheWayAt: AT + 3 })], told: [] },
      'on_the_way',
      AT + 3,
    ],
    [
      'somebody is there',
      incident('arrived'),
      { sent: [sent({ state: 'arrived', arrivedAt: AT + 4 })], told: [] },
      'arrived',
      AT + 4,
    ],
    [
      'somebody is there of whom nobody said who',
      incident('arrived'),
      { sent: [], told: [told('arrived', AT + 5)] },
      'arrived',
      AT + 5,
    ],
  ] as const)('%s', (_reason, alarm, help, stage, since) => {
    expect(stageOf(alarm, help)).toEqual({ stage, since })
  })
})

describe('who goes', () => {
  const relations = new Map([['near', '邻居']])
  const helpers = (help: { sent?: Sent[]; told?: Told[] }) =>
    helpersOf({ sent: [], told: [], ...help }, { contactId: 'hers', relations })

  it('is a worker by name, with when they said so', () => {
    const is = sent({ state: 'accepted', acceptedAt: AT + 1 })
    expect(helpers({ sent: [is] })).toEqual([{ who: 'worker', name: '李伟', state: 'coming', since: AT + 1 }])
  })

  it('is a contact once, by what they are to the elder, and oneself without a name', () => {
    const going = [
      told('contact_going', AT, { contactId: 'near', name: '赵大妈' }),
      told('contact_going', AT + 1, { contactId: 'hers', name: '小梅' }),
      told('contact_going', AT + 2, { contactId: 'near', name: '赵大妈' }),
      told('contact_going', AT + 3, { contactId: 'gone', name: '某某' }),
    ]
    expect(helpers({ told: going })).toEqual([
      { who: 'contact', name: '邻居', state: 'coming', since: AT + 2 },
      { who: 'you', name: null, state: 'coming', since: AT + 1 },
      { who: 'contact', name: null, state: 'coming', since: AT + 3 },
    ])
  })

  it('is a public service from when it was called first', () => {
    const calls = [
      told('handed_over', AT, { service: '120' }),
      told('handed_over', AT + 9, { service: '120' }),
    ]
    expect(helpers({ told: [...calls, told('handed_over', AT, {})] })).toEqual([
      { who: 'service', name: '120', state: 'asked', since: AT },
    ])
  })
})

describe('the sign of life', () => {
  const worn = (of: Partial<DevicesNow> = {}): DevicesNow => ({
    devices: 1,
    silentSince: null,
    conditions: new Set(),
    ...of,
  })
  const heard = { deviceId: 'd1', at: AT - 1, receivedAt: AT }
  const latest: Latest = { fix: null, vitals: null, state: { ...heard, battery: 40, worn: true } }

  it('is what was heard last of what they wear now', () => {
    expect(signOf(worn(), latest)).toMatchObject({
      heardAt: AT,
      isWorn: true,
      batteryPercent: 40,
      isRead: true,
    })
  })
  it('is nothing of somebody who wears nothing', () => {
    expect(signOf(worn({ devices: 0 }), latest)).toMatchObject({
      heardAt: null,
      isWorn: null,
      batteryPercent: null,
    })
  })
  it('believes what a rule has found before a sample', () => {
    expect(signOf(worn({ conditions: new Set(['removed']) }), latest).isWorn).toBe(false)
  })
  it('makes up nothing that could not be read', () => {
    expect(signOf(worn(), undefined)).toMatchObject({ isRead: false, heardAt: null, isWorn: null })
  })
})

describe('a place', () => {
  type Said = [ConsentStanding['purpose'], ConsentStanding['state']][]
  const standing = (said: Said) => said.map(([purpose, state]) => ({ purpose, state }))
  it.each<[string, Said, boolean, string]>([
    ['is not shown while nothing is wrong and nobody has agreed', [], false, 'not_needed'],
    ['is shown of somebody lost, whoever has written down nothing', [], true, 'lost'],
    ['is shown always of who agreed', [['family_sharing', 'given']], false, 'consent'],
    [
      'is not shown always of who does not want to be located',
      [
        ['family_sharing', 'given'],
        ['location', 'withdrawn'],
      ],
      false,
      'not_needed',
    ],
    ['is shown of somebody lost who does not want to be located', [['location', 'withdrawn']], true, 'lost'],
    ['is never shown against their word', [['family_sharing', 'withdrawn']], true, 'withheld'],
  ])('%s', (_reason, said, isLost, rule) => {
    expect(placeRule(standing(said), isLost)).toBe(rule)
    expect(isShared(standing(said))).toBe(rule !== 'withheld')
  })
})
