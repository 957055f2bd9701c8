// What lies below: tiles where the hub names a server, and a graticule where it does not.

import Graticule from 'ol/layer/Graticule.js'
import type Layer from 'ol/layer/Layer.js'
import TileLayer from 'ol/layer/Tile.js'
import XYZ from 'ol/source/XYZ.js'
import type { MapGround } from '../../model/map.ts'
import type { Styles } from './styles.ts'

type GroundDeps = { ground: MapGround; styles: Styles; onTiles: (isWell: boolean) => void }

export function groundLayers({ ground, styles, onTiles }: GroundDeps): Layer[] {
  if (ground.layers.length === 0) return [graticule(styles)]
  return ground.layers.map(url => tiles({ url, zoomMax: ground.zoomMax, onTiles }))
}

type TileDeps = { url: string; zoomMax: number; onTiles: (isWell: boolean) => void }

function tiles({ url, zoomMax, onTiles }: TileDeps): Layer {
  // A tile server sees from which origin it is asked, as many want to know, and nothing of the page.
  // Nothing is read back from the canvas: servers need not allow it.
  const source = new XYZ({ url, maxZoom: zoomMax, referrerPolicy: 'strict-origin' })
  source.on('tileloaderror', () => onTiles(false))
  source.on('tileloadend', () => onTiles(true))
  return new TileLayer({ source })
}

function graticule(styles: Styles): Layer {
  return new Graticule({
    strokeStyle: styles.grid,
    showLabels: true,
    wrapX: false,
    lonLabelPosition: 1,
    latLabelPosition: 1,
    lonLabelStyle: styles.gridWords(true),
    latLabelStyle: styles.gridWords(false),
    // Seconds at the size of a house.
    intervals: INTERVALS_DEGREES,
  })
}

const INTERVALS_DEGREES = [
  30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002,
]
