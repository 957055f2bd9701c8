// Many signs on one map: those that would lie on each other are one, and no crowd of bands hides an incident.

import type Cluster from 'ol/source/Cluster.js'
import { describe, expect, test } from 'vitest'
import type { Projection } from '../../../console/map/features.ts'
import { createMarks, marksAt } from '../../../console/map/marks.ts'
import type { Mark } from '../../../console/map/scene.ts'
import type { Styles } from '../../../console/map/styles.ts'

/** A map on which a degree is a metre, and a pixel as well. */
const projection: Projection = {
  toMap: place => [...place],
  toPlace: ([lon = 0, lat = 0]) => [lon, lat],
}

function gathered(marks: readonly Mark[], scale = 1): { devices: string[][]; incidents: string[][] } {
  const { layers, show } = createMarks({ projection, styles: {} as Styles, scale })
  show(marks)
  const [devices = [], incidents = []] = layers.map(layer => {
    const source = layer.getSource() as unknown as Cluster
    source.loadFeatures([-180, -90, 180, 90], 1, {} as never)
    return source.getFeatures().map(feature =>
      marksAt(feature)
        .map(({ id }) => id)
        .toSorted(),
    )
  })
  return { devices: devices.toSorted(), incidents: incidents.toSorted() }
}

const band = (id: string, lon: number): Mark => ({ id, place: [lon, 0] })
const alarm = (id: string, lon: number): Mark => ({ ...band(id, lon), severity: 'critical' })

describe('signs on a map', () => {
  test('that would lie on each other are one sign for all of them', () => {
    expect(gathered([band('a', 0), band('b', 20), band('far', 90)]).devices).toEqual([['a', 'b'], ['far']])
  })

  test('of incidents are gathered apart from those of devices', () => {
    const crowd = [band('a', 0), band('b', 1), band('c', 2)]
    expect(gathered([...crowd, alarm('lost', 1), alarm('near', 10)])).toEqual({
      devices: [['a', 'b', 'c']],
      incidents: [['lost', 'near']],
    })
  })

  test('lie farther apart on a very large screen', () => {
    const two = [band('a', 0), band('b', 60)]
    expect(gathered(two).devices).toEqual([['a'], ['b']])
    expect(gathered(two, 1.75).devices).toEqual([['a', 'b']])
  })
})
