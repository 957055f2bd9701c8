// The words of maps in English.

import type { Words } from './words.zh.ts'

export const en: Words = {
  map: 'Map',
  mapHelp: 'Arrow keys move, plus and minus zoom',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  whole: 'Show all',
  tilesAway: 'The base map does not load. Positions, fences and tracks are not affected.',
  danger: name => `Danger: ${name}`,

  where: 'Where',
  loading: 'Looking for the position…',
  and: '; ',
  now: 'just now',
  ago: time => `${time} ago`,
  atTime: time => `Position at ${time}`,
  coordinates: 'Coordinates',
  copy: 'Copy coordinates',
  copied: 'Copied',
  accuracy: 'Accuracy',
  about: distance => `about ${distance}`,
  unknownAccuracy: 'accuracy unknown',
  coarse: 'An approximate area, not a place: do not search at the middle of the circle.',
  old: time => `This position is ${time} old; they may be far from it.`,
  live: 'Tracking, updates by itself',
  source: { gps: 'satellites (GPS)', bds: 'satellites (BeiDou)', wifi: 'Wi-Fi', lbs: 'cell tower' },
  sourceName: 'Found by',
  relation: 'Fences',
  inside: name => `inside “${name}”`,
  outside: (name, distance) => `${distance} from the edge of “${name}”`,
  insideDanger: name => `inside the danger zone “${name}”`,
  nearDanger: (name, distance) => `${distance} from the danger zone “${name}”`,
  noFences: 'no safe zone is set',
  trackOf: hours => `Track of the last ${hours} hours`,
  trackFixes: count =>
    `${count} positions; darker and thicker is newer, dotted where nothing was heard in between`,
  noTrack: 'No position in the last 6 hours',
  trackFailed: 'The track cannot be read; it is tried again by itself.',
  fencesFailed: 'The fences cannot be read; they are tried again by itself.',
  holes: 'Some messages of this time were not kept: a part of the track may be missing.',

  noPosition: 'No position',
  noPositionLead:
    'The device has not said where it is. Call the elder and the contacts first, or look at the address.',
  noPositionLocate: 'If the device is online, it can be asked for its position now.',
  noDevice: 'No device is registered, so there is no position. Ask by telephone where they are.',
  noHistory:
    'This hub keeps no positions. Ask by telephone where they are; the reason of the alarm may name the place.',
  failed: 'The position cannot be read; trying again. Use address and telephone meanwhile.',
  again: 'Try again',
  locate: 'Locate now',
  locating: 'The device was asked; waiting for its answer…',
  locateFailed: 'The request could not be sent. Try again.',
}
