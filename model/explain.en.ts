// Findings in English; explain.ts says how these templates are filled.

import type { Clause, ExplainWords } from './explain.ts'

/** Why a reading is believed. */
const CONFIRMED: readonly Clause[] = [
  [
    '{confirmedBy=second_reading} ({first} {unit:unit} {firstBeforeMs:duration} before)',
    '{confirmedBy=second_reading} (two readings agree)',
    '{confirmedBy=unrefuted} (nothing to the contrary for {waitedMs:duration})',
  ],
  '{limitsChanged=true}; judged by the reading of {ageMs:duration} ago after the limits were changed',
]

export const explainEn: ExplainWords = {
  amounts: {
    day: 'd',
    hour: 'h',
    minute: 'min',
    second: 's',
    timeGap: ' ',
    metres: 'm',
    kilometres: 'km',
  },
  names: {
    vital: {
      hr: 'Heart rate',
      spo2: 'Oxygen saturation',
      sbp: 'Systolic pressure',
      dbp: 'Diastolic pressure',
      temp: 'Temperature',
      rr: 'Respiration',
    },
    unit: { hr: 'bpm', spo2: '%', sbp: 'mmHg', dbp: 'mmHg', temp: '°C', rr: '/min' },
    unreadable: {
      not_json: 'incomplete',
      not_an_object: 'wrong format',
      unknown_kind: 'unknown kind',
      ambiguous_kind: 'it names two kinds of event',
      too_many_samples: 'too many samples',
      too_large: 'too long',
      empty: 'empty',
      axis_missing: 'one axis is missing',
      bad_burst: 'bad motion data',
      not_digested: 'the hub cannot process it',
    },
    missing: {
      hr: 'heart rate',
      spo2: 'oxygen saturation',
      rr: 'respiration',
      sbp: 'blood pressure',
      temp: 'temperature',
      consciousness: 'consciousness',
      oxygen: 'added oxygen',
    },
    source: { gps: 'satellites', bds: 'BeiDou', wifi: 'Wi-Fi', lbs: 'cell tower', unknown: 'position' },
  },
  listGap: ', ',
  parts: {
    scored: ['{metric:vital} {value} {unit:unit} ({points} points)'],
  },
  sentences: {
    sos: ['Pressed the red emergency key.'],
    sos_called: ['An emergency that was told by telephone.'],
    service: ['Pressed the green key and asks for service.'],
    fall: ['The device noticed a fall.'],
    fall_burst: [
      'The movement of the wrist looks like a fall',
      ': score {score} (a fall from {cutOff})',
      ', impact {peakG} g',
      ', then still for {stillAfterMs:duration}',
      [
        '{review=true}; number {fallsInDay} in 24 h, beyond {boundPerDay} a day, so review whether it errs',
        '; number {fallsInDay} in 24 h (beyond {boundPerDay} a day they are reviewed)',
      ],
      '.',
    ],
    fall_burst_ended: [
      ['Falls seen within 24 h are down to {fallsInDay} (beyond {boundPerDay} a day they are reviewed).'],
    ],
    fall_stillness: [
      ['Has not moved for {stillForMs:duration} after a fall', 'Has not moved after a fall'],
      ' (critical from {limitMs:duration})',
      ', {sinceFallMs:duration} after it',
      '.',
    ],
    removed: [
      [
        'The device was taken off and has not been worn for {offForMs:duration}.',
        'The device was taken off.',
      ],
    ],
    removed_ended: [['The device is worn again, after {offForMs:duration}.']],
    cancel: ['The wearer cancelled on the device; confirm with the wearer.'],
    power_off: ['The device was switched off.'],
    power_off_ended: [['The device is heard of again, after {offForMs:duration} off.']],
    low_battery: [
      [
        'The battery is down to {batteryPercent:whole} % (noted from {limitPercent:whole} %).',
        'The battery is down to {batteryPercent:whole} %.',
        'The battery is low.',
      ],
    ],
    low_battery_ended: [
      [
        'The battery is back at {batteryPercent:whole} % (charged from {limitPercent:whole} %).',
        'The battery is back at {batteryPercent:whole} %.',
      ],
    ],
    custom: [['The device reports: “{report}”', 'The device sent a report of its own.']],
    unreadable_event: [
      [
        'The device sent an alarm that cannot be read ({reason:unreadable}). Treat it as a call for help.',
        'The device sent an alarm that cannot be read. Treat it as a call for help.',
      ],
      ' As received: {raw}',
    ],
    vitals: [
      [
        '{metric:vital} {value} {unit:unit}',
        '{metric:vital} {value}',
        '{metric:vital} is odd',
        'Vital signs are odd',
      ],
      [
        '{side=above}{atLimit=true}, at the upper limit of {limit} {unit:unit}',
        '{side=below}{atLimit=true}, at the lower limit of {limit} {unit:unit}',
        '{side=above}, above the limit of {limit} {unit:unit}',
        '{side=below}, below the limit of {limit} {unit:unit}',
        '{side=above}, above the limit of {limit}',
        '{side=below}, below the limit of {limit}',
      ],
      '{source=own} (set for this elder)',
      ...CONFIRMED,
      '.',
    ],
    vitals_score: [
      ['NEWS2 score {score}, from {limitScore} on told', 'NEWS2 score {score}', 'NEWS2 score is high'],
      ': {scored:scored}',
      '; not measured: {missing:missing}',
      ...CONFIRMED,
      '.',
    ],
    vitals_baseline: [
      ['{metric:vital} {value} {unit:unit}', '{metric:vital}', 'A vital sign'],
      [
        '{side=above}, above the {level} {unit:unit} that are usual for this elder',
        '{side=below}, below the {level} {unit:unit} that are usual for this elder',
        ' is not as usual for this elder',
      ],
      ' (usual spread {spread} {unit:unit}, now {deviations} of them away, told beyond {limitDeviations})',
      ', in {readings} readings over {forMs:duration}',
      '; learned from {samples} hours',
      '.',
    ],
    vitals_baseline_ended: [
      [
        '{metric:vital} {value} {unit:unit}, back near the usual {level} {unit:unit} (usual spread {spread} {unit:unit}, {deviations} of them away, learned from {samples} hours).',
        '{metric:vital} {value} {unit:unit}, as usual again.',
      ],
    ],
    vitals_score_ended: [['The NEWS2 score is back at {score}.']],
    vitals_ended: [['{metric:vital} is back at {value} {unit:unit}.']],
    zone_exit: [
      ['Left “{zoneName}”', 'Left the safe zone'],
      ', {distanceM:distance} beyond its edge',
      [' ({source:source}, good to {accuracyM:distance})', ' (position good to {accuracyM:distance})'],
      [
        '{reason=far}, too far out for a mistake',
        ', outside in {fixes} positions over {outsideForMs:duration} ({dwellMs:duration} allowed)',
        ', for {outsideForMs:duration}',
      ],
      '; the position is {fixAgeMs:duration} old',
      '.',
    ],
    danger_zone_enter: [
      ['Entered the danger zone “{zoneName}”', 'Entered a danger zone'],
      ', {depthM:distance} within its edge',
      [' ({source:source}, good to {accuracyM:distance})', ' (position good to {accuracyM:distance})'],
      [
        '{reason=deep}, too deep for a mistake',
        ', inside in {fixes} positions over {insideForMs:duration} ({dwellMs:duration} allowed)',
        ', for {insideForMs:duration}',
      ],
      '; the position is {fixAgeMs:duration} old',
      '.',
    ],
    no_movement: [
      ['Wears the device and has not moved for {stillForMs:duration}', 'Wears the device and does not move'],
      ', {wakingForMs:duration} of it in waking hours',
      ' (told from {limitMs:duration})',
      '; the step count stands at {steps}',
      '; the heart rate stays about {hrBpm} bpm',
      '.',
    ],
    silent: [
      ['The device has not been heard of for {silentForMs:duration}', 'The device is silent'],
      [
        '{intervalIs=set}; it is to report every {intervalMs:duration}',
        '{intervalIs=learned}; it usually reports every {intervalMs:duration}',
      ],
      ' (told from {limitMs:duration})',
      '{livesAlone=true}; the elder lives alone',
      '{because=outage_over}; its area is back and the device is not',
      '{because=outage_resolved}; the alarm of its area was resolved and the device is silent still',
      '.',
    ],
    silent_ended: [
      [
        '{because=area_outage}Now part of the outage of its area, silent for {silentForMs:duration}.',
        '{because=away}The elder is away by now; the device, silent for {silentForMs:duration}, is not waited for.',
        '{because=not_registered}The device, silent for {silentForMs:duration}, has left the registry.',
        'The device is heard of again, after {silentForMs:duration}.',
      ],
    ],
    area_outage: [
      [
        '{devices} devices of “{areaName}” fell silent together',
        'Many devices of one area fell silent together',
      ],
      ' (of {liveDevices} in use, within {withinMs:duration} and a report)',
      '.',
    ],
    area_outage_ended: [
      [
        'Of its devices {stillSilent} are silent still: each is in the notices again, or an alarm of its own.',
        'The area is heard of again.',
      ],
    ],
    missed_check_in: [
      ['Has not said “I’m well” by {by}', 'Has not said “I’m well”'],
      [' ({day}, {timeZone})', ' ({day})'],
      '.',
    ],
    missed_check_in_ended: [['Has said “I’m well” ({day}).']],
  },
  afterwards: [' With the words: “{text}”', '{isRepeated=true} {count} times in all.'],
}
