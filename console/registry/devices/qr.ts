// A text as a QR code, made in the browser: a secret goes to nobody for a picture of it.

import { encode } from 'uqr'

/** Modules in rows, dark ones true, with the quiet zone of four modules that readers need (ISO/IEC 18004). */
export const qrOf = (text: string): boolean[][] => encode(text, { ecc: 'M', border: 4 }).data

/** The dark modules as one path of an SVG whose unit is a module: runs of a row are one stroke. */
export function pathOf(modules: readonly (readonly boolean[])[]): string {
  let path = ''
  for (const [y, row] of modules.entries()) {
    for (let x = 0; x < row.length; ) {
      let end = x
      while (row[end]) end++
      if (end > x) path += `M${x} ${y}h${end - x}v1h${x - end}z`
      x = Math.max(end, x) + 1
    }
  }
  return path
}
