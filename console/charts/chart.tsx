// A chart on the page, as wide as its place. What it shows has to be said in words beside it: `label` names it, and the
// picture itself is nothing to a screen reader.

import 'uplot/dist/uPlot.min.css'
import './charts.css'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { useLanguage } from '../shell/language.tsx'
import { useScreen } from '../shell/use-screen.ts'
import type { Plot } from './picture.ts'
import { dataOf, optionsOf } from './plot.ts'

type Props = {
  plot: Plot
  /** What is to be seen, in a sentence. */
  label: string
  /** In rem. */
  height: number
}

export function Chart({ plot, label, height }: Props) {
  const lang = useLanguage()
  const { scale } = useScreen()
  const place = useRef<HTMLDivElement>(null)
  const newest = useRef(plot)
  const made = useRef<uPlot>(null)
  newest.current = plot
  const shape = shapeOf(plot)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another shape is another chart
  useEffect(() => {
    const target = place.current
    if (!target) return
    const look = lookOf(target, height, scale)
    const chart = new uPlot(
      optionsOf(() => newest.current, { ...look, lang }),
      dataOf(newest.current),
      target,
    )
    made.current = chart
    const observer = new ResizeObserver(() => {
      const { width } = target.getBoundingClientRect()
      if (width > 0) chart.setSize({ width, height: look.height })
    })
    observer.observe(target)
    return () => {
      observer.disconnect()
      made.current = null
      chart.destroy()
    }
  }, [shape, lang, height, scale])

  useEffect(() => made.current?.setData(dataOf(plot)), [plot])

  return <div className="chart" ref={place} role="img" aria-label={label} />
}

/** What cannot be changed once a chart is made. */
const shapeOf = ({ series, bands = [] }: Plot): string =>
  JSON.stringify([series.map(({ label, color, kind, dash }) => [label, color, kind, dash]), bands])

function lookOf(target: HTMLElement, height: number, scale: number) {
  return {
    width: Math.max(1, target.getBoundingClientRect().width),
    height: height * 16 * scale,
    scale,
    family: getComputedStyle(target).fontFamily,
  }
}
