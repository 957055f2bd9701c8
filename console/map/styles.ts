// How everything on a map looks. Nothing is told by colour alone: dangers are dashed and named as such, what is old is
// hollow and thin, incidents are diamonds and devices dots.

import { asArray } from 'ol/color.js'
import CircleStyle from 'ol/style/Circle.js'
import Fill from 'ol/style/Fill.js'
import RegularShape from 'ol/style/RegularShape.js'
import Stroke from 'ol/style/Stroke.js'
import Style from 'ol/style/Style.js'
import Text from 'ol/style/Text.js'
import type { Severity } from '../../model/finding.ts'
import type { Zone } from '../../model/zone.ts'
import { SHADES } from './track.ts'

/** The colours of styles/ground.css. */
const INK = '#1b2426'
const SAFE = '#2c7a4b'
const DANGER = '#b8281e'
const PLACE = '#1d5566'
const WAY = '#14509a'
const QUIET = '#6b787a'
const SEVERITY: Record<Severity, string> = { critical: '#b8281e', high: '#a85b00', notice: '#4a6272' }

export type Styles = ReturnType<typeof stylesAt>

/** Of a long name, what tells it from others: all of it stands beside the map. */
const LETTERS_MAX = 18
const short = (text: string): string => {
  const letters = [...text]
  return letters.length > LETTERS_MAX ? `${letters.slice(0, LETTERS_MAX - 1).join('')}…` : text
}

/** `scale`: 1 on a desk's screen, more on a wall's. `family`: the letters of the page. */
export function stylesAt({ scale, family }: { scale: number; family: string }) {
  const px = (size: number): number => size * scale
  const faded = (colour: string, alpha: number): number[] => [...asArray(colour).slice(0, 3), alpha]
  const halo = new Stroke({ color: 'rgba(255,255,255,0.9)', width: px(4) })

  const words = (text: string, { size = 13, weight = 600, colour = INK, below = 0 } = {}): Text =>
    new Text({
      text: short(text),
      font: `${weight} ${px(size)}px ${family}`,
      fill: new Fill({ color: colour }),
      stroke: halo,
      overflow: true,
      offsetY: px(below),
    })

  const dot = (radius: number, fill: string, rim = '#fff', rimWidth = 2): CircleStyle =>
    new CircleStyle({
      radius: px(radius),
      fill: new Fill({ color: fill }),
      stroke: new Stroke({ color: rim, width: px(rimWidth) }),
    })

  const diamond = (radius: number, fill: string): RegularShape =>
    new RegularShape({
      points: 4,
      radius: px(radius),
      fill: new Fill({ color: fill }),
      stroke: new Stroke({ color: '#fff', width: px(2) }),
    })

  const colourOf = (kind: Zone['kind']): string => (kind === 'safe' ? SAFE : DANGER)
  const edge = (kind: Zone['kind'], width = 2.5): Stroke =>
    new Stroke({
      color: colourOf(kind),
      width: px(width),
      ...(kind === 'danger' && { lineDash: [px(8), px(6)] }),
    })

  return {
    fence: (kind: Zone['kind']): Style =>
      new Style({
        stroke: edge(kind),
        fill: new Fill({ color: faded(colourOf(kind), kind === 'safe' ? 0.08 : 0.14) }),
      }),
    /** Above the fence: what lies in it is left free. */
    fenceName: (kind: Zone['kind'], name: string): Style =>
      new Style({ text: words(name, { colour: colourOf(kind), below: -12 }) }),

    /** `broadPx` is the corridor's width at the present zoom. */
    corridor: (kind: Zone['kind'], broadPx: number): Style[] => [
      new Style({
        stroke: new Stroke({ color: faded(colourOf(kind), 0.18), width: Math.max(broadPx, px(3)) }),
      }),
      new Style({ stroke: edge(kind, 1.5) }),
    ],

    way: (shade: number, isGap: boolean): Style =>
      new Style({
        stroke: new Stroke({
          color: faded(WAY, 0.35 + (0.65 * (shade + 1)) / SHADES),
          width: px(1.5 + shade),
          ...(isGap && { lineDash: [px(2), px(7)] }),
        }),
      }),
    coarse: new Style({
      image: new CircleStyle({
        radius: px(5),
        stroke: new Stroke({ color: faded(WAY, 0.7), width: px(1.5), lineDash: [px(2), px(2)] }),
      }),
    }),
    wayStart: (label: string): Style =>
      new Style({ image: dot(4, '#fff', WAY), text: words(label, { size: 12, weight: 400, below: 14 }) }),

    accuracy: (isCoarse: boolean): Style =>
      new Style({
        stroke: new Stroke({ color: PLACE, width: px(1.5), ...(isCoarse && { lineDash: [px(4), px(4)] }) }),
        fill: new Fill({ color: faded(PLACE, isCoarse ? 0.06 : 0.12) }),
      }),
    place: (isOld: boolean, label: string): Style =>
      new Style({
        image: isOld ? dot(8, '#fff', PLACE, 4) : dot(9, PLACE, '#fff', 3),
        text: words(label, { below: 22 }),
        zIndex: 10,
      }),

    device: new Style({ image: dot(5, QUIET), zIndex: 1 }),
    devices: (count: number): Style =>
      new Style({
        image: dot(Math.min(9 + 2.5 * Math.log2(count), 24), QUIET),
        text: new Text({
          text: String(count),
          font: `600 ${px(12)}px ${family}`,
          fill: new Fill({ color: '#fff' }),
        }),
        zIndex: 2,
      }),
    incidents: (severity: Severity, count: number, label: string): Style[] => [
      new Style({
        image: diamond(count > 1 ? 17 : 13, SEVERITY[severity]),
        text: new Text({
          text: count > 1 ? String(count) : '!',
          font: `700 ${px(13)}px ${family}`,
          fill: new Fill({ color: '#fff' }),
        }),
        zIndex: 5,
      }),
      ...(label === '' ? [] : [new Style({ text: words(label, { below: 24 }), zIndex: 5 })]),
    ],

    crossing: (label: string): Style =>
      new Style({
        image: new RegularShape({
          points: 4,
          radius: px(8),
          radius2: 0,
          angle: Math.PI / 4,
          stroke: new Stroke({ color: DANGER, width: px(2.5) }),
        }),
        text: words(label, { size: 12, weight: 400, below: 16 }),
        zIndex: 6,
      }),

    /** What is being drawn, and where it can be taken hold of. */
    draft: [
      new Style({
        stroke: new Stroke({ color: PLACE, width: px(3) }),
        fill: new Fill({ color: faded(PLACE, 0.1) }),
        image: dot(7, '#fff', PLACE, 3),
      }),
    ],
    handle: new Style({ image: dot(8, '#fff', PLACE, 3), zIndex: 20 }),

    grid: new Stroke({ color: 'rgba(29,85,102,0.22)', width: px(1) }),
    gridWords: (alongTop: boolean): Text =>
      new Text({
        font: `400 ${px(11)}px ${family}`,
        fill: new Fill({ color: '#4f5d60' }),
        textBaseline: alongTop ? 'top' : 'bottom',
        textAlign: alongTop ? 'center' : 'start',
        offsetX: alongTop ? 0 : px(4),
        offsetY: alongTop ? px(4) : px(-2),
      }),
  }
}
