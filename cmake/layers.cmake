# Layers: `rd_layer(net/ucx LAYERS net base LINK PkgConfig::UCX TEST_LAYERS ...)` makes the library
# rd_net_ucx of src/net/ucx/*.cc and the test program rd_net_ucx_test of src/net/ucx/*_test.cc.
#
# A layer is included as "net/ucx/file.h". Each has an include directory of its own, which holds nothing but
# a link to it, so a file cannot include a layer that its CMake line does not name.

set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(REMOTE_DRAM_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
  enable_testing()
  set(rd_test_main GTest::gtest_main)
  if(REMOTE_DRAM_PLANTED_FAULTS)
    set(rd_test_main rd_planted_main)
  endif()
endif()

# Fuzz targets, x_fuzz.cc, are programs of their own, made by clang's libFuzzer. As tests they search a little,
# always from the same seed; run by hand, for as long as it takes.
if(REMOTE_DRAM_FUZZ)
  set(REMOTE_DRAM_FUZZ_RUNS 50000 CACHE STRING "inputs that a fuzz target tries as a test, at most")
  set(REMOTE_DRAM_FUZZ_SECONDS 6 CACHE STRING "seconds that it takes for that, at most")
  enable_testing()
  add_custom_target(fuzzers)
endif()

add_library(rd_public INTERFACE)
target_include_directories(rd_public INTERFACE ${PROJECT_SOURCE_DIR}/include)

add_library(rd_flags INTERFACE)
target_compile_features(rd_flags INTERFACE cxx_std_20)
target_compile_definitions(rd_flags INTERFACE REMOTE_DRAM_VERSION="${PROJECT_VERSION}"
  $<$<BOOL:${REMOTE_DRAM_PLANTED_FAULTS}>:REMOTE_DRAM_PLANTED_FAULTS>)
if(PROJECT_IS_TOP_LEVEL)
  # Warnings are errors, but not for who only installs the Python package. g++ 12 sees a variable without a
  # value in std::regex under sanitizers, and an overlap in std::string at -O3 (its bugs 105562 and 105651); when it
  # optimizes at link time, a string whose move reads beyond it.
  target_compile_options(rd_flags INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor
    $<$<NOT:$<BOOL:${SKBUILD}>>:-Werror>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-restrict>
    $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety -Wthread-safety-beta>)
  target_link_options(rd_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread>)
endif()

# Most of what a test takes to compile is in these; the sources include them all the same.
function(rd_precompile_test_headers target)
  target_precompile_headers(${target} PRIVATE <gtest/gtest.h> <chrono> <functional> <map> <memory> <string> <vector>)
endfunction()

# A fuzz target sees what the tests of its layer see.
function(rd_fuzzer name source)
  cmake_parse_arguments(ARG "" "" "LAYERS;LINK" ${ARGN})
  get_filename_component(target ${source} NAME_WE)
  set(target rd_${name}_${target})
  add_executable(${target} ${source} ${PROJECT_SOURCE_DIR}/test/fuzz_main.cc)
  target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${target} PRIVATE rd_flags ${ARG_LINK})
  foreach(layer ${ARG_LAYERS} base)
    string(REPLACE "/" "_" layer ${layer})
    target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/layers/${layer})
    target_link_libraries(${target} PRIVATE rd_${layer})
  endforeach()
  add_dependencies(fuzzers ${target})
  add_test(NAME fuzz:${target} COMMAND ${target} -seed=1 -len_control=0 -max_len=8192 -timeout=10
           -runs=${REMOTE_DRAM_FUZZ_RUNS} -max_total_time=${REMOTE_DRAM_FUZZ_SECONDS}
           -artifact_prefix=${PROJECT_BINARY_DIR}/${target}-)
endfunction()

function(rd_layer folder)
  cmake_parse_arguments(ARG "" "" "LAYERS;LINK;TEST_LAYERS" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  set(source_dir ${PROJECT_SOURCE_DIR}/src/${folder})
  set(layer_dir ${PROJECT_BINARY_DIR}/layers/${name})
  get_filename_component(parent ${layer_dir}/${folder} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${source_dir} ${layer_dir}/${folder} SYMBOLIC)

  file(GLOB sources CONFIGURE_DEPENDS ${source_dir}/*.cc)
  file(GLOB tests CONFIGURE_DEPENDS ${source_dir}/*_test.cc)
  file(GLOB fuzzers CONFIGURE_DEPENDS ${source_dir}/*_fuzz.cc)
  if(tests OR fuzzers)
    list(REMOVE_ITEM sources ${tests} ${fuzzers})
  endif()
  add_library(rd_${name} STATIC ${sources})
  set_target_properties(rd_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON LINKER_LANGUAGE CXX)
  target_include_directories(rd_${name} PRIVATE ${layer_dir})
  target_link_libraries(rd_${name} PUBLIC rd_public PRIVATE rd_flags ${ARG_LINK})
  foreach(layer ${ARG_LAYERS})
    string(REPLACE "/" "_" layer ${layer})
    target_include_directories(rd_${name} PRIVATE ${PROJECT_BINARY_DIR}/layers/${layer})
    target_link_libraries(rd_${name} PRIVATE rd_${layer})
  endforeach()

  if(REMOTE_DRAM_TESTS AND tests)
    add_executable(rd_${name}_test ${tests})
    target_link_libraries(rd_${name}_test PRIVATE rd_flags rd_${name} ${ARG_LINK} ${rd_test_main})
    target_compile_definitions(rd_${name}_test PRIVATE REMOTE_DRAM_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    foreach(layer ${folder} ${ARG_LAYERS} ${ARG_TEST_LAYERS})
      string(REPLACE "/" "_" layer ${layer})
      target_include_directories(rd_${name}_test PRIVATE ${PROJECT_BINARY_DIR}/layers/${layer})
      target_link_libraries(rd_${name}_test PRIVATE rd_${layer})
    endforeach()
    rd_precompile_test_headers(rd_${name}_test)
    gtest_discover_tests(rd_${name}_test TEST_PREFIX ${name}: DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 60)
  endif()
  if(REMOTE_DRAM_FUZZ)
    foreach(fuzzer ${fuzzers})
      rd_fuzzer(${name} ${fuzzer} LAYERS ${folder} ${ARG_LAYERS} ${ARG_TEST_LAYERS} LINK ${ARG_LINK})
    endforeach()
  endif()
endfunction()
