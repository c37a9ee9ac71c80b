"""A tiny PP-DocLayoutV3 with random weights, in a folder laid out as on the hub."""

from pathlib import Path
from typing import Any

import torch
from transformers.models.pp_doclayout_v3.configuration_pp_doclayout_v3 import PPDocLayoutV3Config
from transformers.models.pp_doclayout_v3.modeling_pp_doclayout_v3 import PPDocLayoutV3ForObjectDetection

SORTS = (
    "abstract,algorithm,aside_text,chart,content,display_formula,doc_title,figure_title,footer,footer_image,"
    "footnote,formula_number,header,header_image,image,inline_formula,number,paragraph_title,reference,"
    "reference_content,seal,table,text,vertical_text,vision_footnote"
)
LABELS = SORTS.split(",")
STAGES = 4
SIZES: dict[str, Any] = {
    "backbone_config": {
        "model_type": "hgnet_v2",
        "stem_channels": [3, 8, 8],
        "stage_in_channels": [8, 16, 16, 16],
        "stage_mid_channels": [8] * STAGES,
        "stage_out_channels": [16] * STAGES,
        "stage_num_blocks": [1] * STAGES,
        "stage_numb_of_layers": [1] * STAGES,
        "hidden_sizes": [16] * STAGES,
        "embedding_size": 8,
        "depths": [1] * STAGES,
        "out_features": ["stage1", "stage2", "stage3", "stage4"],
        "return_idx": [0, 1, 2, 3],
    },
    "encoder_hidden_dim": 32,
    "encoder_in_channels": [16, 16, 16],
    "encoder_ffn_dim": 32,
    "encoder_attention_heads": 2,
    "d_model": 32,
    "decoder_in_channels": [32, 32, 32],
    "decoder_ffn_dim": 32,
    "decoder_layers": 2,
    "decoder_attention_heads": 2,
    "num_queries": 12,
    "mask_feature_channels": [16, 16],
    "x4_feat_dim": 16,
    "num_prototypes": 8,
    "hidden_expansion": 0.5,
    "global_pointer_head_size": 8,
}


def write_tiny_layout(folder: Path) -> Path:
    """Its weights are drawn so that it finds something on every page."""
    config = PPDocLayoutV3Config(
        **SIZES,
        id2label=dict(enumerate(LABELS)),
        label2id={label: number for number, label in enumerate(LABELS)},
    )
    model = PPDocLayoutV3ForObjectDetection(config)
    torch.manual_seed(13)
    with torch.no_grad():
        for name, weight in [*model.named_parameters(), *model.named_buffers()]:
            if weight.ndim == 1 and name.endswith("weight"):
                weight.copy_(1 + 0.1 * torch.randn_like(weight))
            elif weight.ndim > 1:
                weight.copy_(1.4 * torch.randn_like(weight) / weight[0].numel() ** 0.5)
        model.model.enc_score_head.weight.mul_(1.5)
        model.model.enc_score_head.bias.fill_(-2.0)
        model.model.enc_bbox_head.layers[-1].bias.copy_(torch.tensor([0.0, 0.0, -1.0, -1.0]))
    model.save_pretrained(folder)
    return folder
