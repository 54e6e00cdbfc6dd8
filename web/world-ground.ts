/** What lies under the people: the panel, the region in which the model says yes, the grid. */
import type { Palette } from './palette.js';
import { gridOf, type Plane } from './world-plane.js';

/** How strong the region's tint is, as in the style sheet. */
export const TINT = 0.07;

/** `ratio`: device pixels of a pixel. */
export function groundOf(
  plane: Plane,
  region: string,
  palette: Palette,
  ratio: number,
): { ground: ImageData; image: ImageData } | null {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(plane.width * ratio));
  canvas.height = Math.max(1, Math.round(plane.height * ratio));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  context.fillStyle = palette.panel;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(ratio, ratio);
  context.save();
  context.beginPath();
  context.rect(plane.left, plane.top, plane.right - plane.left, plane.bottom - plane.top);
  context.clip();
  context.fillStyle = palette.ink;
  context.globalAlpha = TINT;
  context.fill(new Path2D(region), 'evenodd');
  context.restore();
  context.strokeStyle = palette.rule;
  context.lineWidth = 1;
  context.beginPath();
  const { x, y } = gridOf(plane);
  for (const value of x) {
    context.moveTo(Math.round(plane.x(value)) + 0.5, plane.top);
    context.lineTo(Math.round(plane.x(value)) + 0.5, plane.bottom);
  }
  for (const value of y) {
    context.moveTo(plane.left, Math.round(plane.y(value)) + 0.5);
    context.lineTo(plane.right, Math.round(plane.y(value)) + 0.5);
  }
  context.stroke();
  return {
    ground: context.getImageData(0, 0, canvas.width, canvas.height),
    image: context.createImageData(canvas.width, canvas.height),
  };
}
