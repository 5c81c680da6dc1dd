//===- PlacementCases.cpp - Gradients of what moves elements --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GradientCases.h"

using namespace dither::test;

std::vector<Case> dither::test::getRearrangeCases() {
  std::string a = "tensor<?x3x4xf64>", b = "tensor<?x2x4xf64>";
  return {{"concat",
           {a, b},
           "%y = dither.concat %a, %b, %a {dim = 1 : i64} : " + a + ", " + b +
               ", " + a,
           "tensor<?x8x4xf64>"},
          {"concat_rows",
           {"tensor<2x3xf64>", "tensor<0x3xf64>", "tensor<1x3xf64>"},
           "%y = dither.concat %a, %b, %c {dim = 0 : i64} : tensor<2x3xf64>, "
           "tensor<0x3xf64>, tensor<1x3xf64>",
           "tensor<3x3xf64>"},
          {"pad",
           {a},
           "%y = dither.pad %a {low = array<i64: 0, 1, 0>, high = array<i64: "
           "0, 2, 1>, value = 0.5 : f64} : " +
               a,
           "tensor<?x6x5xf64>"},
          {"reverse",
           {a},
           "%y = dither.reverse %a {dims = array<i64: 1, 2>} : " + a,
           a},
          {"roll",
           {a},
           "%y = dither.roll %a {shifts = array<i64: -4, 3>, dims = "
           "array<i64: 1, 2>} : " +
               a,
           a},
          {"repeat",
           {a},
           "%y = dither.repeat %a {counts = array<i64: 1, 2, 3>} : " + a,
           "tensor<?x6x12xf64>"},
          {"split",
           {a},
           "%p, %q = dither.split %a {dim = 2 : i64, sizes = array<i64: 1, "
           "3>} : " +
               a +
               "\n  %y = dither.mul %q, %p : tensor<?x3x3xf64>, "
               "tensor<?x3x1xf64>",
           "tensor<?x3x3xf64>"}};
}

std::vector<Case> dither::test::getIndexingCases() {
  std::string x = "tensor<3x2xf64>", rows = "tensor<?x4xi32>",
              updates = "tensor<?x4x2xf64>";
  return {{"gather",
           {x, rows},
           "%y = dither.gather %a, %b : " + x + ", " + rows,
           updates},
          {"gather_one",
           {"tensor<3x?xf64>", "tensor<i32>"},
           "%y = dither.gather %a, %b : tensor<3x?xf64>, tensor<i32>",
           "tensor<?xf64>"},
          {"scatter_add",
           {updates, x, rows},
           "%y = dither.scatter_add %a into %b at %c : " + updates + ", " + x +
               ", " + rows,
           x},
          {"scatter_add_one",
           {"tensor<f64>", "tensor<3xf64>", "tensor<i32>"},
           "%y = dither.scatter_add %a into %b at %c : tensor<f64>, "
           "tensor<3xf64>, tensor<i32>",
           "tensor<3xf64>"},
          {"segment_sum",
           {updates, rows},
           "%y = dither.segment_sum %a, %b {count = 3 : i64} : " + updates +
               ", " + rows,
           x}};
}

std::vector<Case> dither::test::getWindowCases() {
  std::string x = "tensor<?x5x4x6xf64>";
  std::string overlapping = "{kernel = array<i64: 3, 2>, strides = array<i64: "
                            "1, 2>, padding = array<i64: 1, 1, 0, 1>} : ";
  return {{"max_pool2d",
           {x},
           "%y = dither.max_pool2d %a {kernel = array<i64: 2, 2>} : " + x,
           "tensor<?x2x2x6xf64>"},
          {"max_pool2d_overlapping",
           {x},
           "%y = dither.max_pool2d %a " + overlapping + x,
           "tensor<?x5x2x6xf64>"},
          {"avg_pool2d",
           {x},
           "%y = dither.avg_pool2d %a {kernel = array<i64: 2, 3>, padding = "
           "array<i64: 1, 0, 0, 1>} : " +
               x,
           "tensor<?x3x1x6xf64>"},
          {"avg_pool2d_overlapping",
           {x},
           "%y = dither.avg_pool2d %a " + overlapping + x,
           "tensor<?x5x2x6xf64>"},
          {"conv2d_groups",
           {x, "tensor<12x4xf64>", "tensor<4xf64>"},
           "%y = dither.conv2d %a, %b, %c {kernel = array<i64: 2, 2>, groups "
           "= 2 : i64} : " +
               x + ", tensor<12x4xf64>, tensor<4xf64>",
           "tensor<?x4x3x4xf64>"},
          {"conv2d_depthwise",
           {x, "tensor<4x12xf64>", "tensor<12xf64>"},
           "%y = dither.conv2d %a, %b, %c {kernel = array<i64: 2, 2>, groups "
           "= 6 : i64} : " +
               x + ", tensor<4x12xf64>, tensor<12xf64>",
           "tensor<?x4x3x12xf64>"},
          {"conv1d",
           {"tensor<?x7x2xf64>", "tensor<6x3xf64>", "tensor<3xf64>"},
           "%y = dither.conv1d %a, %b, %c {kernel = 3 : i64, stride = 2 : "
           "i64, padding = array<i64: 1, 0>} : tensor<?x7x2xf64>, "
           "tensor<6x3xf64>, tensor<3xf64>",
           "tensor<?x3x3xf64>"},
          {"conv_transpose2d",
           {"tensor<?x2x3x2xf64>", "tensor<2x12xf64>", "tensor<3xf64>"},
           "%y = dither.conv_transpose2d %a, %b, %c {kernel = array<i64: 2, "
           "2>, strides = array<i64: 2, 1>, padding = array<i64: 1, 0, 0, "
           "1>, output_padding = array<i64: 1, 0>} : tensor<?x2x3x2xf64>, "
           "tensor<2x12xf64>, tensor<3xf64>",
           "tensor<?x4x3x3xf64>"}};
}
