// Numbers, durations and distances as people read them, in the words of any language.

/** The units that an amount is written with. `timeGap` stands between two of them. */
export type AmountWords = {
  day: string
  hour: string
  minute: string
  second: string
  timeGap: string
  metres: string
  kilometres: string
}

/** Up to two decimals, without trailing zeros. */
export const number = (value: number): string => String(Math.round(value * 100) / 100)

/** A duration in its one or two largest units: `12 分钟`, `3 小时 20 分钟`, `2 天 4 小时`. Never negative. */
export function duration(ms: number, words: AmountWords): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000)
  if (minutes === 0) return `${Math.floor(Math.max(0, ms) / 1_000)} ${words.second}`
  const hours = Math.floor(minutes / 60)
  if (hours === 0) return `${minutes} ${words.minute}`
  if (hours < 24) return joined([hours, words.hour], [minutes % 60, words.minute], words)
  return joined([Math.floor(hours / 24), words.day], [hours % 24, words.hour], words)
}

function joined([big, bigUnit]: Amount, [small, smallUnit]: Amount, words: AmountWords): string {
  const head = `${big} ${bigUnit}`
  return small === 0 ? head : `${head}${words.timeGap}${small} ${smallUnit}`
}

type Amount = readonly [count: number, unit: string]

/** Metres, from a kilometre on in kilometres. */
export function distance(metres: number, words: AmountWords): string {
  if (metres < 1_000) return `${Math.round(metres)} ${words.metres}`
  return `${number(Math.round(metres / 100) / 10)} ${words.kilometres}`
}
