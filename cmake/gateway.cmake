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

# Two libraries, the second of which knows gRPC. "unsecure": without TLS, which is of no use on this host alone.
add_library(rd_gateway_messages STATIC ${generated}/gateway/kvstore.pb.cc)
target_link_libraries(rd_gateway_messages PUBLIC protobuf::libprotobuf-lite)
add_library(rd_gateway_proto STATIC ${generated}/gateway/kvstore.grpc.pb.cc)
target_link_libraries(rd_gateway_proto PUBLIC rd_gateway_messages gRPC::grpc++_unsecure)
foreach(library rd_gateway_messages rd_gateway_proto)
  set_target_properties(${library} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${library} SYSTEM PUBLIC ${generated})
  target_compile_features(${library} PUBLIC cxx_std_17)
endforeach()

target_link_libraries(rd_gateway PUBLIC rd_gateway_messages PRIVATE rd_gateway_proto)  # its headers name messages
if(TARGET rd_gateway_test)
  target_link_libraries(rd_gateway_test PRIVATE rd_gateway_proto)
endif()
