// The scores of all tiles under one name each, for metrics.csv.
import type { EvaluationDocument } from './evaluation-document.js';

/** The bundle's metric first, then the means of instance metrics, then what all tiles together give. */
export function listMetrics(document: EvaluationDocument): Record<string, number> {
  const { mean, detection, type, panoptic, r2 } = document;
  const metrics: Record<string, number> = { val_mean_dice: document.val_mean_dice };
  for (const [name, value] of Object.entries({ ...mean })) metrics[`val_${name}`] = value as number;
  metrics['val_f1d'] = detection.f1d;
  metrics['val_r2'] = r2.total;
  if (type) {
    metrics['val_acc'] = type.acc;
    for (const [id, value] of Object.entries(type.f1)) metrics[`val_f1_${id}`] = value;
  }
  if (panoptic) {
    metrics['val_bpq'] = panoptic.bpq;
    metrics['val_mpq'] = panoptic.mpq;
    metrics['val_mpq_plus'] = panoptic.mpq_plus;
    metrics['val_r2_types'] = r2.mean;
  }
  return metrics;
}
