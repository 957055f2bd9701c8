// Many devices and incidents on one map: those that would lie on each other are one sign with a count. Incidents are
// gathered apart from devices, so that no crowd of bands hides one.

import type Feature from 'ol/Feature.js'
import type { FeatureLike } from 'ol/Feature.js'
import VectorLayer from 'ol/layer/Vector.js'
import Cluster from 'ol/source/Cluster.js'
import VectorSource from 'ol/source/Vector.js'
import type Style from 'ol/style/Style.js'
import type { Severity } from '../../model/finding.ts'
import { markFeatures, type Projection } from './features.ts'
import { gravest } from './gravest.ts'
import type { Mark } from './scene.ts'
import type { Styles } from './styles.ts'

const APART_PX = { devices: 46, incidents: 34 } as const

export type MarkLayers = { layers: VectorLayer[]; show(marks: readonly Mark[]): void }

export function createMarks({
  projection,
  styles,
  scale,
}: {
  projection: Projection
  styles: Styles
  scale: number
}): MarkLayers {
  const devices = new VectorSource()
  const incidents = new VectorSource()
  const layer = (source: VectorSource, apartPx: number, style: (feature: FeatureLike) => Style | Style[]) =>
    new VectorLayer({ source: new Cluster({ source, distance: apartPx * scale }), style })
  return {
    layers: [
      layer(devices, APART_PX.devices, feature => {
        const { length } = marksAt(feature)
        return length === 1 ? styles.device : styles.devices(length)
      }),
      layer(incidents, APART_PX.incidents, feature => {
        const marks = marksAt(feature)
        const label = marks.length === 1 ? (marks[0]?.label ?? '') : ''
        return styles.incidents(gravest(marks) ?? 'notice', marks.length, label)
      }),
    ],
    show(marks) {
      const isIncident = ({ severity }: { severity?: Severity }): boolean => severity !== undefined
      fill(
        devices,
        markFeatures(
          marks.filter(mark => !isIncident(mark)),
          projection,
        ),
      )
      fill(incidents, markFeatures(marks.filter(isIncident), projection))
    },
  }
}

/** What a sign on the map stands for; empty for what is no such sign. */
export function marksAt(feature: FeatureLike): Mark[] {
  const gathered: unknown = feature.get('features')
  return Array.isArray(gathered) ? gathered.map(one => (one as Feature).get('mark') as Mark) : []
}

function fill(source: VectorSource, features: Feature[]): void {
  source.clear(true)
  source.addFeatures(features)
}
