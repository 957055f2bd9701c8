// The chart for the README: what share of the parse limit each target reaches in both shapes, and where the bars
// stand. Drawn by hand, with colours that keep their contrast on a light and on a dark page.

import { SHAPES, type ShapeName } from '../sections/throughput.ts'
import { LABELS, TARGETS, type TargetName } from '../target.ts'
import { BARS } from './bars.ts'
import { type Spread, short } from './figures.ts'
import { type Measured, shapeSummary } from './summary.ts'

const WIDTH = 860
const LABEL_WIDTH = 190
const FULL_WIDTH = 520
const ROW_HEIGHT = 26
const HEAD_HEIGHT = 40
const FOOT_HEIGHT = 34

const STYLE = `
    text { font: 13px system-ui, 'Noto Sans SC', sans-serif; fill: #59636e }
    .shape { font-size: 14px; font-weight: 600 }
    .limit { fill: #8a94a0 }
    .aedes { fill: #5f8fb8 }
    .hub { fill: #1f77b4 }
    .spread { stroke: #1f2933; stroke-width: 1.5 }
    .bar { stroke: #b42318; stroke-width: 2; stroke-dasharray: 4 3 }
    .bar-text { fill: #b42318; font-size: 12px }
    @media (prefers-color-scheme: dark) {
      text { fill: #b3bcc6 }
      .hub { fill: #4a9edb }
      .spread { stroke: #e6eef5 }
      .bar { stroke: #f0776c }
      .bar-text { fill: #f0776c }
    }`

const CLASS_OF: Readonly<Record<TargetName, string>> = {
  limit: 'limit',
  aedes: 'aedes',
  embedded: 'hub',
  redis: 'hub',
}

/** The whole SVG. Targets that were not measured have no row. */
export function barChart(measured: Measured): string {
  const blocks = SHAPES.map(({ name }) => blockOf(measured, name)).filter(block => block.rows.length > 0)
  let top = 0
  const drawn = blocks.map(block => {
    const at = top
    top += HEAD_HEIGHT + block.rows.length * ROW_HEIGHT
    return drawBlock(block, at)
  })
  const height = top + FOOT_HEIGHT
  const foot =
    'Messages a second until the last one is ruled, as a share of what parsing alone reaches. Line: spread of the runs.'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">
  <title id="title">Messages a second at QoS 1, stored, fsynced and ruled, as a share of the parse limit</title>
  <style>${STYLE}
  </style>
${drawn.join('\n')}
  <text x="10" y="${height - 12}">${foot}</text>
</svg>
`
}

type Row = { target: TargetName; share: Spread; perSecond: Spread }
type Block = { shape: ShapeName; rows: readonly Row[] }

function blockOf({ throughput }: Measured, shape: ShapeName): Block {
  const rows = TARGETS.flatMap(target => {
    const { limitShare: share, sustainedPerSecond: perSecond } = shapeSummary(throughput, target, shape)
    return share && perSecond ? [{ target, share, perSecond }] : []
  })
  return { shape, rows }
}

function drawBlock({ shape, rows }: Block, top: number): string {
  const bottom = top + HEAD_HEIGHT + rows.length * ROW_HEIGHT
  const bar = BARS.find(({ what }) => what === `throughput, ${shape}`)
  return [
    `  <text class="shape" x="10" y="${top + 26}">${shapeTitle(shape)}</text>`,
    ...rows.map((row, index) => drawRow(row, top + HEAD_HEIGHT + index * ROW_HEIGHT)),
    ...(bar ? [drawBar(bar.now, top + HEAD_HEIGHT, bottom)] : []),
  ].join('\n')
}

const shapeTitle = (shape: ShapeName): string => {
  const [connections, inFlight] = shape.split(' × ')
  return `${connections} connections with ${inFlight} in flight`
}

function drawRow({ target, share, perSecond }: Row, y: number): string {
  const at = (value: number): number => LABEL_WIDTH + Math.round(value * FULL_WIDTH)
  const middle = y + ROW_HEIGHT / 2
  const end = Math.max(at(share.median), at(share.max))
  const text = target === 'limit' ? '' : `${share.median.toFixed(2)} × · `
  return [
    `  <text x="10" y="${middle + 4}">${LABELS[target]}</text>`,
    `  <rect class="${CLASS_OF[target]}" x="${LABEL_WIDTH}" y="${y + 4}" width="${at(share.median) - LABEL_WIDTH}" height="${ROW_HEIGHT - 8}" rx="2"/>`,
    `  <line class="spread" x1="${at(share.min)}" y1="${middle}" x2="${at(share.max)}" y2="${middle}"/>`,
    `  <text x="${end + 8}" y="${middle + 4}">${text}${short(perSecond.median)}/s</text>`,
  ].join('\n')
}

function drawBar(value: number, top: number, bottom: number): string {
  const x = LABEL_WIDTH + Math.round(value * FULL_WIDTH)
  return [
    `  <line class="bar" x1="${x}" y1="${top}" x2="${x}" y2="${bottom}"/>`,
    `  <text class="bar-text" x="${x + 4}" y="${top - 3}">bar ${value}</text>`,
  ].join('\n')
}
