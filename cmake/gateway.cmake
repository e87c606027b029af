# The gateway's gRPC: code made from src/gateway/kvstore.proto at build time, apart from our warning flags.
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)

set(generated ${PROJECT_BINARY_DIR}/generated)
set(proto ${PROJECT_SOURCE_DIR}/src/gateway/kvstore.proto)
file(MAKE_DIRECTORY ${generated}/gateway)
add_custom_command(
  OUTPUT ${generated}/gateway/kvstore.pb.cc ${generated}/gateway/kvstore.pb.h
         ${generated}/gateway/kvstore.grpc.pb.cc ${generated}/gateway/kvstore.grpc.pb.h
  COMMAND protobuf::protoc --proto_path=${PROJECT_SOURCE_DIR}/src --cpp_out=${generated}
          --grpc_out=${generated} --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin> ${proto}
  DEPENDS ${proto} VERBATIM)

add_library(rd_gateway_proto STATIC ${generated}/gateway/kvstore.pb.cc
            ${generated}/gateway/kvstore.grpc.pb.cc)
set_target_properties(rd_gateway_proto PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_include_directories(rd_gateway_proto SYSTEM PUBLIC ${generated})
target_compile_features(rd_gateway_proto PUBLIC cxx_std_17)
# "unsecure": without TLS, so that no second OpenSSL comes into a Python process.
target_link_libraries(rd_gateway_proto PUBLIC gRPC::grpc++_unsecure protobuf::libprotobuf-lite)

target_link_libraries(rd_gateway PRIVATE rd_gateway_proto)
if(TARGET rd_gateway_test)
  target_link_libraries(rd_gateway_test PRIVATE rd_gateway_proto)
endif()
