// Where somebody is, in words and as a link to a map in the datum that this map draws in. A point in the wrong one is
// several hundred metres away: the next street.

import commonjs from 'gcoord'
import type { Language } from '../../model/channel.ts'
import type { Location } from '../../model/telemetry.ts'
import { toWgs84 } from '../../workers/geometry/datum.ts'
import { plainLine } from './plain.ts'

// The package is CommonJS, and its types speak of an ES module: what they call its default is all of it.
const gcoord = commonjs as unknown as typeof commonjs.default

/** About ten centimetres. */
const DECIMALS = 6

/** AMap in Chinese, which draws in GCJ-02; OpenStreetMap in English, in WGS-84. */
export function mapLink(location: Location, language: Language): string {
  return language === 'zh' ? amapLink(location) : openStreetMapLink(location)
}

function amapLink(location: Location): string {
  const { lat, lon } = toGcj02(location)
  const marker = new URLSearchParams({
    position: `${lon.toFixed(DECIMALS)},${lat.toFixed(DECIMALS)}`,
    name: '老人的位置',
    src: 'anxin',
    coordinate: 'gaode',
    callnative: '1',
  })
  return `https://uri.amap.com/marker?${marker}`
}

function openStreetMapLink(location: Location): string {
  const { lat, lon } = toWgs84(location, location.datum)
  const [north, east] = [lat.toFixed(DECIMALS), lon.toFixed(DECIMALS)]
  return `https://www.openstreetmap.org/?mlat=${north}&mlon=${east}#map=17/${north}/${east}`
}

function toGcj02(location: Location): { lat: number; lon: number } {
  if (location.datum === 'gcj02') return location
  const { lat, lon } = toWgs84(location, location.datum)
  const [east, north] = gcoord.transform([lon, lat], gcoord.WGS84, gcoord.GCJ02)
  return { lat: north, lon: east }
}

const ADDRESS_MAX = 60

const WORDS = {
  zh: {
    home: (address: string) => `住址 ${address}`,
    onMap: (accuracy: string) => `当前位置见地图${accuracy}`,
    about: (metres: number) => `（误差约 ${metres} 米）`,
    unknown: '位置未知',
    withheld: '按老人意愿不提供位置，请联系服务中心',
    gap: '；',
  },
  en: {
    home: (address: string) => `home ${address}`,
    onMap: (accuracy: string) => `now: see the map${accuracy}`,
    about: (metres: number) => ` (within about ${metres} m)`,
    unknown: 'not known',
    withheld: 'not told, as the elder wishes: ask the service centre',
    gap: '; ',
  },
} as const satisfies Record<Language, unknown>

/** For those who are not to know it. */
export const withheldWords = (language: Language): string => WORDS[language].withheld

/** The home in words, and that there is a map; never empty. The home comes first: it stays where a text is cut. */
export function whereWords(
  { address, location }: { address: string | null; location: Location | undefined },
  language: Language,
): string {
  const words = WORDS[language]
  const home = plainLine(address ?? '', ADDRESS_MAX)
  const accuracy = location?.acc === undefined ? '' : words.about(Math.round(location.acc))
  const parts = [
    ...(home === '' ? [] : [words.home(home)]),
    ...(location === undefined ? [] : [words.onMap(accuracy)]),
  ]
  return parts.length === 0 ? words.unknown : parts.join(words.gap)
}
