// Elders and alarms as the hub tells a family of them.

import type { FamilyAlarm, FamilyElder, FamilySign } from '../../../model/family.ts'

export const AT = Date.UTC(2026, 9, 12, 6, 1)

export const sign = (of: Partial<FamilySign> = {}): FamilySign => ({
  devices: 1,
  isRead: true,
  heardAt: AT - 3 * 60_000,
  isWorn: true,
  batteryPercent: 81,
  isBatteryLow: false,
  isOff: false,
  silentSince: null,
  ...of,
})

export const elder = (of: Partial<FamilyElder> = {}): FamilyElder => ({
  id: 'wang',
  name: '王秀英',
  gender: 'female',
  relation: '女儿',
  timeZone: 'Asia/Shanghai',
  awayUntil: null,
  isShared: true,
  open: [],
  sign: sign(),
  isLost: false,
  place: null,
  placeReason: 'not_needed',
  past: [],
  ...of,
})

export const openAlarm = (of: Partial<FamilyAlarm> = {}): FamilyAlarm => ({
  id: 'inc_1',
  class: 'emergency',
  kind: 'sos',
  at: AT,
  zone: null,
  help: { stage: 'told', since: AT, helpers: [], goingSince: null },
  disposition: null,
  endedAt: null,
  ...of,
})
