// What lies below: tiles where the hub names a server, and a graticule where it does not.

import Graticule from 'ol/layer/Graticule.js'
import type Layer from 'ol/layer/Layer.js'
import TileLayer from 'ol/layer/Tile.js'
import XYZ from 'ol/source/XYZ.js'
import type { MapGround } from '../../model/map.ts'
import type { Styles } from './styles.ts'

type GroundDeps = {
  ground: MapGround
  styles: Styles
  scale: number
  onTiles: (isWell: boolean) => void
}

export function groundLayers({ ground, styles, scale, onTiles }: GroundDeps): Layer[] {
  if (ground.layers.length === 0) return [graticule({ styles, scale })]
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

function graticule({ styles, scale }: Pick<GroundDeps, 'styles' | 'scale'>): Layer {
  return new Graticule({
    strokeStyle: styles.grid,
    showLabels: true,
    wrapX: false,
    lonLabelPosition: 1,
    latLabelPosition: 0,
    lonLabelStyle: styles.gridWords(true),
    latLabelStyle: styles.gridWords(false),
    targetSize: LINES_APART_PX * scale,
  })
}

const LINES_APART_PX = 130
