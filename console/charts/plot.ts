// From a chart in our terms to uPlot's options: axes, lines, and limits that are drawn into the picture. No React.

import uPlot from 'uplot'
import type { ChartLimit } from './limits.ts'
import type { Plot, Series } from './picture.ts'

type Look = { width: number; height: number; scale: number; family: string; lang: string }

/** The colours of styles/ground.css, over white. */
const LIMIT = {
  critical: { line: '#b8281e', fill: 'rgba(184,40,30,0.13)' },
  high: { line: '#a85b00', fill: 'rgba(168,91,0,0.10)' },
  notice: { line: '#4a6272', fill: 'rgba(74,98,114,0.08)' },
} as const
const QUIET = '#4f5d60'
const GRID = '#e3e8e7'
const MARK = '#1d5566'

const DAY_MS = 24 * 3_600_000

export function dataOf({ x, series }: Plot): uPlot.AlignedData {
  return [[...x], ...series.map(({ values }) => [...values])]
}

/** Marks, limits and ranges are read from `plot` each time it is drawn: `read` gives the newest. */
export function optionsOf(read: () => Plot, { width, height, scale, family, lang }: Look): uPlot.Options {
  const px = (size: number): number => size * scale
  const plot = read()
  const font = `${px(11)}px ${family}`
  return {
    width,
    height,
    ms: 1,
    legend: { show: false },
    padding: [px(6), px(18), 0, 0],
    cursor: { drag: { x: false, y: false }, y: false, points: { size: px(7) } },
    scales: {
      x: { time: false, range: (_u, low, high) => spanOf(read(), low, high) },
      y: { range: (_u, low, high) => rangeOf(read(), low, high) },
    },
    axes: [
      {
        font,
        stroke: QUIET,
        grid: { stroke: GRID, width: 1 },
        ticks: { show: false },
        size: px(22),
        gap: px(4),
        space: px(64),
        incrs: plot.xText === undefined ? TIME_STEPS_MS : WHOLE_STEPS,
        values: (_u, splits) => splits.map(at => (read().xText ?? timeText(lang, splits))(at)),
      } as uPlot.Axis,
      {
        font,
        stroke: QUIET,
        grid: { stroke: GRID, width: 1 },
        ticks: { show: false },
        size: px(40),
        gap: px(4),
        space: px(26),
        ...(plot.yText && { values: (_u, splits) => splits.map(y => read().yText?.(y) ?? String(y)) }),
      } as uPlot.Axis,
    ],
    series: [{}, ...plot.series.map(series => seriesOf(series, px))],
    bands: (plot.bands ?? []).map(({ high, low, color }) => ({ series: [high + 1, low + 1], fill: color })),
    hooks: {
      drawClear: [u => drawLimits(u, { plot: read(), px, font })],
      draw: [u => drawMarks(u, { plot: read(), px, font })],
    },
  }
}

function seriesOf({ label, color, kind = 'line', dash }: Series, px: (size: number) => number): uPlot.Series {
  if (kind === 'bars') {
    return {
      label,
      stroke: color,
      fill: color,
      paths: uPlot.paths.bars?.({ size: [0.7, px(40)] }),
      points: { show: false },
    } as uPlot.Series
  }
  if (kind === 'edge') return { label, stroke: 'transparent', width: 0, points: { show: false } }
  return {
    label,
    stroke: color,
    width: px(2),
    ...(dash && { dash: dash.map(px) }),
    points: { size: px(4), fill: color },
  }
}

/** Minutes to weeks, as clocks and calendars have them. */
const TIME_STEPS_MS = [1, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080].map(
  minutes => minutes * 60_000,
)

/** What has a name of its own, such as a day, is not divided. */
const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500]

/** Times of a day; days where there are several. */
function timeText(lang: string, splits: readonly number[]): (at: number) => string {
  const [step = 0] = splits.slice(1).map((at, i) => at - (splits[i] ?? at))
  const options: Intl.DateTimeFormatOptions =
    step >= DAY_MS
      ? { month: '2-digit', day: '2-digit' }
      : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
  const format = new Intl.DateTimeFormat(lang, options)
  return at => format.format(at)
}

function spanOf({ span }: Plot, low: number, high: number): [number, number] {
  if (span) return [span.from, span.to]
  return low === high ? [low - 1, high + 1] : [low, high]
}

function rangeOf({ yRange }: Plot, low: number, high: number): [number, number] {
  if (yRange) return [...yRange]
  const top = Math.max(0, high ?? 0)
  const bottom = Math.min(0, low ?? 0)
  return top === bottom ? [0, 1] : [bottom, top + (top - bottom) * 0.08]
}

type Drawn = { plot: Plot; px: (size: number) => number; font: string }

/** Below the lines: what lies beyond a limit is shaded, its edge dashed, its number said on the calm side of it. */
function drawLimits(u: uPlot, { plot: { limits = [], yText = String }, px, font }: Drawn): void {
  const { ctx, bbox } = u
  const [low, high] = [u.scales.y?.min ?? 0, u.scales.y?.max ?? 0]
  const said: number[] = []
  ctx.save()
  for (const { at, side, severity } of calmFirst(limits)) {
    if (at < low || at > high) continue
    const y = u.valToPos(at, 'y', true)
    const { line, fill } = LIMIT[severity]
    const [from, to] = side === 'above' ? [bbox.top, y] : [y, bbox.top + bbox.height]
    ctx.fillStyle = fill
    ctx.fillRect(bbox.left, from, bbox.width, to - from)
    drawLine(u, { from: [bbox.left, y], to: [bbox.left + bbox.width, y], color: line, px, isDashed: true })
    // Numbers that would lie on each other: the one that is reached first counts.
    if (said.some(other => Math.abs(other - y) < px(12) * devicePixelRatio)) continue
    said.push(y)
    const isBelowLine = side === 'above'
    write(u, {
      text: yText(at),
      x: bbox.left + bbox.width,
      y,
      color: line,
      font,
      align: 'right',
      isBelowLine,
    })
  }
  ctx.restore()
}

/** Those that are reached first come first. */
const calmFirst = (limits: readonly ChartLimit[]): ChartLimit[] =>
  limits.toSorted((a, b) => (a.side === 'above' && b.side === 'above' ? a.at - b.at : b.at - a.at))

type Line = {
  from: readonly [x: number, y: number]
  to: readonly [x: number, y: number]
  color: string
  px: (size: number) => number
  isDashed?: boolean
}

function drawLine({ ctx }: uPlot, { from, to, color, px, isDashed = false }: Line): void {
  ctx.strokeStyle = color
  ctx.lineWidth = px(1.5) * devicePixelRatio
  ctx.setLineDash(isDashed ? [px(5) * devicePixelRatio, px(4) * devicePixelRatio] : [])
  ctx.beginPath()
  ctx.moveTo(...from)
  ctx.lineTo(...to)
  ctx.stroke()
}

function drawMarks(u: uPlot, { plot: { marks = [] }, px, font }: Drawn): void {
  const { ctx, bbox } = u
  const [low, high] = [u.scales.x?.min ?? 0, u.scales.x?.max ?? 0]
  ctx.save()
  for (const { at, label } of marks) {
    if (at < low || at > high) continue
    const x = u.valToPos(at, 'x', true)
    drawLine(u, { from: [x, bbox.top], to: [x, bbox.top + bbox.height], color: MARK, px })
    const align = x - bbox.left > bbox.width * 0.8 ? 'right' : 'left'
    write(u, { text: ` ${label} `, x, y: bbox.top + px(14) * devicePixelRatio, color: MARK, font, align })
  }
  ctx.restore()
}

type Written = {
  text: string
  x: number
  y: number
  color: string
  font: string
  align: CanvasTextAlign
  isBelowLine?: boolean
}

/** On a canvas of device pixels: the size of its letters is that of the axes. */
function write({ ctx }: uPlot, { text, x, y, color, font, align, isBelowLine = false }: Written): void {
  ctx.fillStyle = color
  ctx.font = font.replace(/^[\d.]+/, size => String(Number(size) * devicePixelRatio))
  ctx.textAlign = align
  ctx.textBaseline = isBelowLine ? 'top' : 'bottom'
  ctx.fillText(text, x, y + (isBelowLine ? 3 : -2) * devicePixelRatio)
}
