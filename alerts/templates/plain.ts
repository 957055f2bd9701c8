// Names, addresses and reports as they may stand inside of a message: what people wrote must not end a line, turn the
// direction of what follows, hide letters, or be a link.

/** What is shown as nothing, or changes how its neighbours are shown. */
const UNSEEN = new RegExp(
  [
    '[\\p{Cf}\\p{Co}\\p{Cn}]',
    // Letters and marks that are drawn as nothing, and those that only choose how their neighbour is drawn.
    '[\\u034F\\u17B4\\u17B5\\u180B-\\u180F\\uFE00-\\uFE0F\\u{E0100}-\\u{E01EF}]',
    '[\\u115F\\u1160\\u2800\\u3164\\uFFA0]',
  ].join('|'),
  'gu',
)
const BREAKS = /[\p{Cc}\p{Z}]+/gu
/** Two marks over a letter are some language; a tower of them covers the lines above. */
const TOWERS = /(\p{M}{2})\p{M}+/gu
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u

const [ISOLATE, END_OF_ISOLATE] = ['\u2068', '\u2069']

/** One line of at most `max` letters, all of which are seen. It may be empty. */
export function plainLine(text: string, max: number): string {
  const line = text
    .toWellFormed()
    .replaceAll(BREAKS, ' ')
    .replaceAll(UNSEEN, '')
    .normalize('NFC')
    .replaceAll(TOWERS, '$1')
    .replaceAll('://', ': //')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
  return cut(line, max)
}

/** At most `max` letters, with a mark where some are missing. */
export function cut(line: string, max: number): string {
  const letters = [...line]
  return letters.length <= max ? line : `${letters.slice(0, max - 1).join('')}…`
}

/** The same, kept apart where it is written from right to left: what stands around it keeps its order. */
export function isolated(line: string): string {
  return RIGHT_TO_LEFT.test(line) ? `${ISOLATE}${line}${END_OF_ISOLATE}` : line
}
