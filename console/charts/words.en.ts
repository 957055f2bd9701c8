// The words of charts in English.

import type { Words } from './words.zh.ts'

export const en: Words = {
  vitals: 'Vital signs',
  loading: 'Reading vital signs…',
  none: 'No readings',
  noneLead: 'The device has told no vital signs in this time. It may not be worn, or not measure them.',
  failed: 'The vital signs cannot be read; trying again.',
  noHistory: 'This hub keeps no readings.',
  again: 'Try again',
  live: 'updates by itself',
  stale: 'new readings cannot be read; trying again',
  past: 'around the alarm',
  alarm: 'alarm',
  chart: {
    hr: 'Heart rate',
    spo2: 'SpO₂',
    sbp: 'Blood pressure',
    dbp: 'Diastolic pressure',
    temp: 'Temperature',
    rr: 'Respiration',
  },
  unit: { hr: 'bpm', spo2: '%', sbp: 'mmHg', dbp: 'mmHg', temp: '°C', rr: '/min' },
  range: (low, high) => `${low}–${high}`,
  ownLimits: 'own limits',
  usualLimits: 'usual limits',
  beyond: { below: 'low', above: 'high' },
  limit: { below: value => `≤ ${value}`, above: value => `≥ ${value}` },
  summary: (name, last, unit, age, range) => `${name}: ${last} ${unit} ${age}, ${range} ${unit} in this time`,
  now: 'just now',
  ago: time => `${time} ago`,
  holes: 'Some readings of this time were not kept.',
}
