"""Invented Chinese names and telephone numbers; any likeness is chance, the numbers belong to no network."""

import numpy as np
import pyarrow.compute as pc

from demo.columns import Text, codes

SURNAMES = tuple(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
)
GIVEN_FIRST = tuple("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂建文志海晓雪国玉春红云华永宏俊思佳欣雨子梓浩宇泽一")
GIVEN_SECOND = ("", *"轩然涵怡博晨阳琪琳瑶峰龙凯鑫斌波辉翔飞鹏亮燕梅兰英萍蓉菲婷慧莹倩")

#: No Chinese mobile number starts with 120 to 129.
PHONE_PREFIX = 12 * 10**9


def people_names(count: int, random: np.random.Generator) -> Text:
    """Return `count` names of two or three characters."""
    parts = (codes(pool, random.integers(0, len(pool), count)) for pool in (SURNAMES, GIVEN_FIRST, GIVEN_SECOND))
    return pc.binary_join_element_wise(*parts, "")


def phone_numbers(count: int, random: np.random.Generator) -> np.ndarray:
    """Return `count` numbers of eleven digits that start with 12."""
    return PHONE_PREFIX + random.integers(0, 10**9, count)
